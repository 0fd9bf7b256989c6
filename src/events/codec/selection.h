#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitals::events {

/// The wanted rows of a block: all of them, or those listed, ascending.
struct Selection {
  const std::vector<std::uint32_t>* listed = nullptr;

  /// How many they are, of a block of n.
  std::size_t size(std::size_t n) const { return listed == nullptr ? n : listed->size(); }
  std::size_t at(std::size_t i) const { return listed == nullptr ? i : (*listed)[i]; }

  /// Leaves of a column only what is wanted. Empty columns stay so.
  template <class T>
  void keep(std::vector<T>& column) const {
    if (listed == nullptr || column.empty()) return;
    for (std::size_t i = 0; i < listed->size(); ++i) column[i] = column[(*listed)[i]];
    column.resize(listed->size());
  }
};

}  // namespace vitals::events
