#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitals::wire::json {

/// Without JSON's white space at both ends.
std::string_view trim(std::string_view text);

/// Whether the text begins with an object that another one follows: NDJSON, or what is left of it
/// without its line ends. Only brackets and strings are looked at.
bool several_objects(std::string_view text);

/// The lines of a body that are not blank, with their numbers from 1.
class Lines {
 public:
  struct Line {
    std::string_view text;
    std::uint64_t number = 0;
  };
  explicit Lines(std::string_view body) : rest_(body) {}
  std::optional<Line> next();

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

/// Cuts a JSON array into its elements' texts, so that each can be parsed by itself and the memory
/// for it stays small. Only the array's own brackets and commas are judged here: the whole is valid
/// JSON exactly when no problem is found and every element parses.
class Elements {
 public:
  /// `array` begins with `[` and has no white space around it.
  explicit Elements(std::string_view array) : array_(array) {}

  /// The next element, or nothing at the array's end or where it is broken.
  std::optional<std::string_view> next();

  /// Why the text is no array; "" while it is one.
  std::string_view problem() const { return problem_; }

 private:
  std::optional<std::string_view> finish(std::string_view problem);

  std::string_view array_;
  std::size_t at_ = 1;
  bool first_ = true;
  bool finished_ = false;
  std::string_view problem_;
};

}  // namespace vitals::wire::json
