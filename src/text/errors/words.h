#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vitals::text::errors {

/// The words of a text in lower case, without signs. Identifiers are taken apart:
/// `RateLimitError`, `rate_limit_error` and `rate-limit error` are the same words; so are letters
/// and digits. An apostrophe within a word is part of it. Bytes that are not ASCII are letters.
std::vector<std::string> words_of(std::string_view text);

/// … of an error message, without its links. A number that is the status of an HTTP answer becomes
/// `http:429`. Of a long message only beginning and end are read.
std::vector<std::string> words_of_message(std::string_view message);

}  // namespace vitals::text::errors
