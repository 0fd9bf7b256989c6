#include <cmath>

#include <fmt/format.h>

#include <vitals/base/number_text.h>

namespace vitals {

std::string number_text(double number) {
  if (std::abs(number) < 1) return fmt::format("{:.3g}", number);
  std::string text = fmt::format("{:.2f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace vitals
