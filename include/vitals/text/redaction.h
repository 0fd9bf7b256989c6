#pragma once

#include <string>
#include <string_view>

namespace vitals::text {

/// The comment without what may tell who wrote it, or open a door: email addresses, telephone
/// numbers, payment cards, keys and passwords, IP and street addresses become [email], [phone],
/// [card], [key], [ip], [address]. By their patterns, so names of people stay, and a number that
/// looks like one of these goes although it is none.
///
/// Any bytes, of which those outside of the matches stay as they are; pure, thread-safe; takes time
/// in proportion to the text.
std::string redacted(std::string_view comment);

}  // namespace vitals::text
