#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>

namespace vitals::sketch {

/// Appends ascending finite values, losslessly: as differences of integers when all of them are
/// decimal fractions of few places (times, tokens, prices mostly are), else as they are. The first
/// byte is below 0x20. decode_values() takes the form from the front of `in`; errors: corruption.
void encode_values(const std::vector<double>& values, std::string& out);
Result<std::vector<double>> decode_values(std::string_view& in, std::size_t values_max);

}  // namespace vitals::sketch
