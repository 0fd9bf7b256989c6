#include "progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "numbers.h"

namespace vitals::cli {

std::string progress_text(const std::string& title, double fraction, std::uint64_t count) {
  constexpr int kWidth = 30;
  std::string text = title;
  if (fraction >= 0) {
    const int full = static_cast<int>(std::lround(std::min(fraction, 1.0) * kWidth));
    const int percent = static_cast<int>(std::lround(std::min(fraction, 1.0) * 100));
    text += "  [" + std::string(static_cast<std::size_t>(full), '#') +
            std::string(static_cast<std::size_t>(kWidth - full), '.') + "]  ";
    text += std::to_string(percent) + " %";
  }
  return text + "  " + with_separators(static_cast<std::int64_t>(count));
}

void Progress::show(const std::string& title, double fraction, std::uint64_t count) {
  if (!console_.progress) return;
  console_.err << "\r\x1b[K" << progress_text(title, fraction, count) << std::flush;
  shown_ = true;
}

void Progress::clear() {
  if (shown_) console_.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace vitals::cli
