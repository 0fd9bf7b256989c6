#pragma once

#include <functional>
#include <initializer_list>
#include <set>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include <vitals/net/message.h>

namespace vitals::notify::test {

using nlohmann::json;

/// Thrown by the checks below, caught by fault_of().
struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void need(bool good, const std::string& what) {
  if (!good) throw Fault(what);
}

inline std::string fault_of(const std::function<void()>& check) {
  try {
    check();
    return "";
  } catch (const Fault& fault) {
    return fault.what();
  } catch (const json::exception& broken) {
    return broken.what();
  }
}

/// UTF-16 units, which is what the most cautious service counts.
inline std::size_t units(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80U) count += byte >= 0xf0 ? 2 : 1;
  }
  return count;
}

/// A body that is JSON; the parser refuses what is no UTF-8.
inline json json_body(const net::Request& request) {
  need(request.method == "POST", "method " + request.method);
  const std::string type(request.header("content-type"));
  need(type.find("json") != std::string::npos, "content-type " + type);
  return json::parse(request.body);
}

/// One object whose fields are asked for one by one; done() finds what nobody asked for.
class Fields {
 public:
  Fields(const json& object, std::string where) : object_(object), where_(std::move(where)) {
    need(object.is_object(), where_ + " is no object");
  }

  bool has(const std::string& name) {
    known_.insert(name);
    return object_.contains(name);
  }
  const json& at(const std::string& name) {
    need(has(name), where_ + " lacks " + name);
    return object_[name];
  }
  std::string text(const std::string& name, std::size_t min, std::size_t max) {
    const json& value = at(name);
    need(value.is_string(), where_ + "." + name + " is no text");
    const std::string text = value;
    need(units(text) >= min && units(text) <= max,
         where_ + "." + name + " has " + std::to_string(units(text)) + " characters");
    for (const char c : text) {
      need(static_cast<unsigned char>(c) >= ' ' || c == '\n', where_ + "." + name + ": control");
    }
    return text;
  }
  std::string one_of(const std::string& name, const std::set<std::string>& values) {
    const std::string text = this->text(name, 0, 1'000);
    need(values.count(text) == 1, where_ + "." + name + " is " + text);
    return text;
  }
  void done() const {
    for (const auto& [name, value] : object_.items()) {
      need(known_.count(name) == 1, where_ + " has an unknown " + name);
    }
  }

 private:
  const json& object_;
  std::string where_;
  std::set<std::string> known_;
};

}  // namespace vitals::notify::test
