#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cursor.h"
#include "fields.h"

namespace vitals::wire::json {

/// A value of an event that was read, and where it lay in the event's text.
struct ValueRead {
  std::size_t field;  ///< number in kFields
  const char* begin;
  const char* end;
};

/// What senders write around the values of their events: keys, braces, commas, spaces, nulls. A
/// tree, as events of one sender begin alike and differ where a field is there or not. Each node is
/// a text and the field whose value follows it; a way from the root is one form of event. Events
/// are read along it without looking at their syntax again. Bounded.
class FormTree {
 public:
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;
  /// Of a node after which the event ends.
  static constexpr std::size_t kNoField = kFields.size();

  /// Takes the text of a node that may come after this one; kRoot when none fits.
  Node take(Node after, Cursor& cursor) const {
    Node next = nodes_[after].first_child;
    while (next != kRoot && !cursor.take(text(nodes_[next]))) next = nodes_[next].next_sibling;
    return next;
  }
  std::size_t field(Node node) const { return nodes_[node].field; }

  /// Adds the form of an event that was read in another way.
  void learn(std::string_view event, const std::vector<ValueRead>& values);

 private:
  static constexpr std::size_t kNodesMax = 1024;
  static constexpr std::size_t kTextBytesMax = 64U << 10U;
  /// Each costs the events that come after it a comparison.
  static constexpr std::size_t kChildrenMax = 32;
  /// So many forms are let pass for lack of room before all is forgotten: events that hardly ever
  /// have the same form are not worth learning.
  static constexpr std::size_t kRefusalsMax = 4096;

  struct Entry {
    std::uint32_t text_begin = 0;
    std::uint32_t text_bytes = 0;
    std::size_t field = kNoField;
    Node first_child = kRoot;  ///< the one of the longest text, as it may begin like a shorter one
    Node next_sibling = kRoot;
  };

  std::string_view text(const Entry& entry) const {
    return {texts_.data() + entry.text_begin, entry.text_bytes};
  }
  bool has_room(std::size_t text_bytes, std::size_t nodes) const;
  void refuse();
  /// kRoot when the node can take no other child.
  Node find_or_add(Node after, std::string_view text, std::size_t field);

  std::string texts_;
  std::vector<Entry> nodes_{1};
  std::size_t refusals_ = 0;
};

}  // namespace vitals::wire::json
