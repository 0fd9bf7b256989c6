#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/model/fields.h>

namespace vitals::events {

/// Fields with so many different texts that blocks refer to them by number: their names are in a
/// table of their own, by epoch (docs/formats/event-block.md, "Names").
inline constexpr std::array kNameFields{model::Label::user, model::Label::session};

inline constexpr bool has_names(model::Label field) {
  return field == model::Label::user || field == model::Label::session;
}

/// Numbers names while a block is written.
class NameGiver {
 public:
  virtual ~NameGiver() = default;
  /// Of the numbers given.
  virtual std::uint64_t epoch() const = 0;
  /// One number, from 1, for each of these different texts; 0 for one that stays in the block.
  virtual void number(model::Label field, std::span<const std::string_view> texts,
                      std::vector<std::uint64_t>& numbers) = 0;
};

/// Knows names by number while a block is read.
class NameSource {
 public:
  virtual ~NameSource() = default;
  /// Sets texts[i] for every numbers[i] that is not 0, valid until the next call. Error:
  /// corruption when one is not known, io.
  virtual Status names(model::Label field, std::uint64_t epoch,
                       std::span<const std::uint64_t> numbers,
                       std::vector<std::string_view>& texts) = 0;
};

/// For readers that do not look at names: all are alike.
class AnyName : public NameSource {
 public:
  Status names(model::Label /*field*/, std::uint64_t /*epoch*/,
               std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override {
    texts.assign(numbers.size(), "?");
    return {};
  }
};

}  // namespace vitals::events
