#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vitals {

/// Of an even number of them the mean of the middle two. At least one, none of them NaN.
template <class Number>
Number median(std::vector<Number> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1) return *middle;
  return (*std::max_element(numbers.begin(), middle) + *middle) / 2;
}

}  // namespace vitals
