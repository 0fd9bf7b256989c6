#pragma once

#include <string>
#include <string_view>

namespace vitals::text {

/// What kind of fault an error message tells of: `timeout`, `rate_limit` and the other classes of
/// docs/errors.md, by the first line of a table of patterns (src/text/errors/patterns.cpp) that it
/// matches; "" when none does. Any bytes; of a long message the first 2 KiB and the last KiB are
/// read. Pure and thread-safe; the text lives as long as the program.
std::string_view error_class(std::string_view message);

/// What messages of the same fault have in common.
struct ErrorTemplate {
  /// Its words that are in a fixed vocabulary of faults (src/text/errors/vocabulary.cpp), in order,
  /// with `*` for whatever else there is: numbers, ids, names, quoted text. So it holds nothing
  /// personal. At most 16 words. "" when no word is left.
  std::string text;
  /// `other:` with the first of these words and a hash, the same for equal templates on every
  /// machine: `other:deadlock_found_trying_lock_1a2b3c`. "" with the text.
  std::string type;
};

/// The template of a message, which nothing else than the message decides. Any bytes; the first
/// line is read, of a Python traceback the last one. Pure and thread-safe.
///
/// Masking first and then telling messages apart by what is left is the first step of Drain (He,
/// Zhu, Zheng, Lyu, ICWS 2017); its tree, which learns from the messages before, is left out.
ErrorTemplate error_template(std::string_view message);

}  // namespace vitals::text
