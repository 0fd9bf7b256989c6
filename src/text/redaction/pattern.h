#pragma once

#include <cstddef>
#include <string_view>

namespace vitals::text::redaction {

/// Each says how many bytes of the text match from a position on, 0 for none. The position is
/// inside the text, and no word goes on there: the byte before it is no letter or digit.
/// They look at no more than a few dozen bytes, or at a run of bytes that has its first one there.
std::size_t match_email(std::string_view text, std::size_t at);
std::size_t match_key(std::string_view text, std::size_t at);
std::size_t match_ip(std::string_view text, std::size_t at);
std::size_t match_card(std::string_view text, std::size_t at);
std::size_t match_phone(std::string_view text, std::size_t at);
std::size_t match_street(std::string_view text, std::size_t at);

}  // namespace vitals::text::redaction
