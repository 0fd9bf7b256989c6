#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <vitals/model/columns.h>

#include "codec/names.h"

namespace vitals::events {

/// For blocks that are made from others: a name that had a number of this epoch when they were read
/// keeps it, no other gets one. Not thread-safe.
class KeptNames final : public NameSource, public NameGiver {
 public:
  KeptNames(NameSource& source, std::uint64_t epoch) : source_(source), epoch_(epoch) {}

  Status names(model::Label field, std::uint64_t epoch, std::span<const std::uint64_t> numbers,
               std::vector<std::string_view>& texts) override;
  std::uint64_t epoch() const override { return epoch_; }
  void number(model::Label field, std::span<const std::string_view> texts,
              std::vector<std::uint64_t>& numbers) override;

 private:
  struct Known {
    model::Dictionary texts;
    std::vector<std::uint64_t> numbers;  // by code - 1
  };
  NameSource& source_;
  const std::uint64_t epoch_;
  std::array<Known, model::kLabelCount> known_;
};

}  // namespace vitals::events
