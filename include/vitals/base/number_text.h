#pragma once

#include <string>

namespace vitals {

/// A number as a reader of an alert wants it: two decimals at most, small ones with three digits.
std::string number_text(double number);

}  // namespace vitals
