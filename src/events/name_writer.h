#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/store/store.h>

#include "codec/name_chunk.h"
#include "codec/names.h"
#include "name_map.h"

namespace vitals::events {

/// Gives names numbers that blocks share: from 1 within an epoch, which ends when it spans enough.
/// A name gets one when a second block has it, and enough others wait for one with it: what comes
/// once stays in its block, at no cost to the table. Not thread-safe.
class NameWriter final : public NameGiver {
 public:
  /// Epochs are numbered from `epoch`, which must be new to the store.
  NameWriter(const NameLimits& limits, std::uint64_t epoch) : limits_(limits), epoch_(epoch) {}

  /// Before each block. Ends an epoch that has reached its limits.
  void begin_block(std::size_t rows, TimeMs now);

  /// No block to come refers to an epoch before this.
  std::uint64_t epoch() const override { return epoch_; }
  void number(model::Label field, std::span<const std::string_view> texts,
              std::vector<std::uint64_t>& numbers) override;

  /// Adds the names that got a number since the last call; must be committed with the block that
  /// uses them, or else end_epoch() be called.
  Status write(store::WriteBatch& changes, store::Table table);

  /// Forgets all names; their numbers are not given again.
  void end_epoch();

 private:
  struct Field {
    NameMap names;                       // with a number, kOnce or kWaiting
    std::vector<std::uint32_t> waiting;  // codes
    std::vector<std::uint32_t> unwritten;
    std::uint32_t last_number = 0;
  };

  void give_waiting(Field& field);

  const NameLimits limits_;
  std::uint64_t epoch_;
  std::uint64_t rows_ = 0;  // of this epoch
  TimeMs begin_ms_ = 0;
  std::array<Field, kNameFields.size()> fields_;
  std::vector<std::uint32_t> codes_;
  NameChunkCodec codec_;
};

}  // namespace vitals::events
