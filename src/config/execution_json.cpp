#include "execution_json.h"

#include <cctype>
#include <map>
#include <string_view>

#include <vitals/model/fields.h>

#include "scalar.h"

namespace vitals::config {
namespace {

/// RFC 8259, section 7. YAML texts are UTF-8 already.
std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json.append("\\") += c;
    } else if (byte < 0x20) {
      json.append("\\u00") += kHex[byte >> 4U];
      json += kHex[byte & 15U];
    } else {
      json += c;
    }
  }
  return json + '"';
}

bool is_text(const std::string& object, const std::string& key) {
  const std::string name = object.empty() ? key : object + "." + key;
  return object == "tags" || name == "id" || name == "status" || model::find_label(name);
}

std::string value(const Node& node, bool as_text) {
  if (node.kind != Node::Kind::scalar) return "null";
  if (node.quoted || as_text) return quoted(node.text);
  if (node.text == "true" || node.text == "false") return node.text;
  // JSON knows fewer ways to write a number: +1, .5 and 007 are none.
  const bool digits = std::isdigit(static_cast<unsigned char>(node.text.front())) != 0 ||
                      (node.text.size() > 1 && node.text[0] == '-' && node.text[1] != '.');
  const bool padded = node.text.size() > 1 && node.text[0] == '0' && node.text[1] != '.';
  return digits && !padded && parse_number(node.text) ? node.text : quoted(node.text);
}

using Members = std::map<std::string, std::string>;  ///< JSON by key

std::string object_of(const Members& members) {
  std::string json = "{";
  for (const auto& [key, text] : members) {
    json.append(json.size() == 1 ? "" : ",").append(quoted(key)).append(":").append(text);
  }
  return json + '}';
}

}  // namespace

std::string execution_json(const std::vector<const Node*>& fields, const Section& section) {
  Members execution;
  std::map<std::string, Members> objects;
  const auto add = [&](const std::string& object, const std::string& key, const Node& node) {
    if (node.kind == Node::Kind::sequence || node.kind == Node::Kind::mapping) {
      return section.problem(object.empty() ? key : object + "." + key, "expected a single value");
    }
    Members& members = object.empty() ? execution : objects[object];
    if (!members.emplace(key, value(node, is_text(object, key))).second) {
      section.problem(object + "." + key, "is given twice");
    }
  };
  for (const Node* field : fields) {
    const std::size_t dot = field->key.find('.');
    if (field->kind == Node::Kind::mapping) {
      for (const Node& member : field->children) add(field->key, member.key, member);
    } else if (dot != std::string::npos) {
      add(field->key.substr(0, dot), field->key.substr(dot + 1), *field);
    } else {
      add("", field->key, *field);
    }
  }
  for (const auto& [key, members] : objects) execution[key] = object_of(members);
  return object_of(execution);
}

}  // namespace vitals::config
