#include "yaml_tree.h"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "yaml_profile.h"

namespace vitals::config {
namespace {

/// Makes the tree from the parser's events, which (unlike YAML::Node) still tell duplicate keys,
/// quotes, anchors and tags.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Document& document) : document_(document) {}

  Node take() && { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors are not used here");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not used here");
    place(mark, Node::Kind::null);
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { place(mark, Node::Kind::null); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    // The parser's names for "no tag": `?` for plain, `!` for quoted and block scalars.
    if (tag != "?" && tag != "!") refuse(mark, "tags are not used here");
    if (expects_key()) {
      pending_.back().key = value;
      pending_.back().key_line = line_of(mark);
      pending_.back().has_key = true;
      return;
    }
    Node& node = place(mark, Node::Kind::scalar);
    node.text = value;
    node.quoted = tag == "!";
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, Node::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A collection whose end has not come yet.
  struct Pending {
    Node* node;
    std::set<std::string> keys;
    std::string key;
    std::size_t key_line = 0;
    bool has_key = false;
  };

  static std::size_t line_of(const YAML::Mark& mark) {
    return static_cast<std::size_t>(mark.line) + 1;
  }

  void refuse(const YAML::Mark& mark, std::string_view reason) {
    document_.report->add(document_.file, line_of(mark), "", reason);
  }

  bool expects_key() const {
    return !pending_.empty() && pending_.back().node->kind == Node::Kind::mapping &&
           !pending_.back().has_key;
  }

  Node& place(const YAML::Mark& mark, Node::Kind kind) {
    if (pending_.empty()) {
      root_.kind = kind;
      root_.line = line_of(mark);
      return root_;
    }
    Pending& parent = pending_.back();
    // Safe: the nodes above are on the stack, and only the innermost collection grows.
    Node& node = parent.node->children.emplace_back();
    node.kind = kind;
    node.line = line_of(mark);
    if (parent.node->kind == Node::Kind::mapping) name(parent, node, mark);
    return node;
  }

  void name(Pending& parent, Node& node, const YAML::Mark& mark) {
    if (!parent.has_key) return refuse(mark, "a key must be a text");
    node.key = parent.key;
    node.line = parent.key_line;
    parent.has_key = false;
    if (!parent.keys.insert(node.key).second) {
      document_.report->add(document_.file, parent.key_line, node.key,
                            "occurs twice in the same mapping");
    }
  }

  void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
    if (tag != "?" && tag != "!" && !tag.empty()) refuse(mark, "tags are not used here");
    pending_.push_back({&place(mark, kind), {}, {}});
  }
  void close() { pending_.pop_back(); }

  Document& document_;
  Node root_;
  std::vector<Pending> pending_;
};

bool ends_line(std::string_view text) { return text.empty() || text.back() == '\n'; }

}  // namespace

const Node* Node::find(std::string_view name) const {
  for (const Node& child : children) {
    if (child.key == name) return &child;
  }
  return nullptr;
}

std::optional<Node> parse_yaml(std::string_view text, Document& document) {
  if (!check_profile(text, document)) return std::nullopt;
  TreeBuilder builder(document);
  try {
    // yaml-cpp misreads a blank last line of a block scalar that has no end.
    std::istringstream stream{std::string(text) + (ends_line(text) ? "" : "\n")};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    if (parser.HandleNextDocument(builder)) {
      document.report->add(document.file, 0, "", "only one document is allowed in a file");
      return std::nullopt;
    }
  } catch (const YAML::Exception& problem) {
    document.report->add(document.file, static_cast<std::size_t>(problem.mark.line) + 1, "",
                         problem.msg);
    return std::nullopt;
  }
  return std::move(builder).take();
}

}  // namespace vitals::config
