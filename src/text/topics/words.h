#pragma once

#include <string>
#include <string_view>

namespace vitals::text::topics {

/// Whether a word, in small letters, says something by itself: it is no grammatical word of English
/// or a language like it, and says more than that somebody is content.
bool says_something(std::string_view word);

/// Without the s of a plural: the S stemmer of Harman (1991).
std::string singular(std::string_view word);

}  // namespace vitals::text::topics
