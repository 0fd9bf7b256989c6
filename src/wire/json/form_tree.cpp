#include "form_tree.h"

namespace vitals::wire::json {

void FormTree::learn(std::string_view event, const std::vector<ValueRead>& values) {
  if (!has_room(event.size(), values.size() + 1)) return refuse();
  Node at = kRoot;
  const char* begin = event.data();
  for (const ValueRead& value : values) {
    at = find_or_add(at, {begin, static_cast<std::size_t>(value.begin - begin)}, value.field);
    if (at == kRoot) return refuse();
    begin = value.end;
  }
  const char* const end = event.data() + event.size();
  find_or_add(at, {begin, static_cast<std::size_t>(end - begin)}, kNoField);
}

bool FormTree::has_room(std::size_t text_bytes, std::size_t nodes) const {
  return nodes_.size() + nodes <= kNodesMax && texts_.size() + text_bytes <= kTextBytesMax;
}

void FormTree::refuse() {
  if (++refusals_ > kRefusalsMax) *this = FormTree();
}

FormTree::Node FormTree::find_or_add(Node after, std::string_view wanted, std::size_t field) {
  std::size_t children = 0;
  for (Node child = nodes_[after].first_child; child != kRoot; child = nodes_[child].next_sibling) {
    if (text(nodes_[child]) == wanted && nodes_[child].field == field) return child;
    ++children;
  }
  if (children == kChildrenMax) return kRoot;
  Node* link = &nodes_[after].first_child;
  while (*link != kRoot && nodes_[*link].text_bytes >= wanted.size()) {
    link = &nodes_[*link].next_sibling;
  }
  const auto added = static_cast<Node>(nodes_.size());
  const Node shorter = *link;
  *link = added;
  nodes_.push_back({static_cast<std::uint32_t>(texts_.size()),
                    static_cast<std::uint32_t>(wanted.size()), field, kRoot, shorter});
  texts_ += wanted;
  return added;
}

}  // namespace vitals::wire::json
