#pragma once

#include <cstdint>
#include <string>

#include "console.h"

namespace vitals::cli {

/// A line on the terminal that is written over; nothing when standard error is no terminal.
class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `fraction` from 0 to 1; negative when it is not known.
  void show(const std::string& title, double fraction, std::uint64_t count);
  /// Makes room for other output.
  void clear();

 private:
  Console& console_;
  bool shown_ = false;
};

/// `name  [#####.....]  52 %  1,234,567`
std::string progress_text(const std::string& title, double fraction, std::uint64_t count);

}  // namespace vitals::cli
