#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "integers.h"
#include "selection.h"

namespace vitals::events {

/// Doubles of which some are absent (NaN): a bitmap says which, and the others are whole numbers
/// over a power of ten where that reproduces every one to the bit, else their bit patterns.
/// Not thread-safe.
class NumberWriter {
 public:
  void write(std::span<const double> values, IntegerWriter& integers, StreamWriter& streams,
             std::string& out);

 private:
  std::vector<std::uint8_t> present_bits_;
  std::vector<double> present_;
  std::vector<std::uint64_t> whole_;
};

/// Reads those of `n` numbers that NumberWriter wrote that are selected; false when they are
/// damaged. `scratch` only saves allocations.
bool read_numbers(ByteReader& in, std::size_t n, const Selection& rows, StreamReader& streams,
                  std::vector<std::uint64_t>& scratch, std::vector<double>& values);

}  // namespace vitals::events
