#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitals::text {

/// The text with a mark in place of whatever names or reaches a person, or opens a door: `[email]`,
/// `[phone]`, `[card]` (that Luhn's check holds), `[iban]` (ISO 7064), `[number]` (social
/// security),
/// `[key]` (tokens of known services, private keys, passwords that are told, random letters and
/// digits), `[ip]`, `[url]` (with an account, a query or a fragment; others stay), `[address]`
/// (docs/privacy.md says which). Names of people stay: only a model could tell them.
///
/// Ordinary numbers, dates, versions and identifiers of code stay as they are. What was redacted
/// stays as it is when it is redacted again. UTF-8 stays UTF-8, other bytes are kept; control
/// characters and spaces of other widths become plain spaces. Time grows with the text. Pure and
/// thread-safe.
std::string redact(std::string_view text);

/// A comment is kept up to here.
inline constexpr std::size_t kCommentBytesMax = 2'000;

/// What is kept of a comment: its first 8 KiB, redacted, and of that kCommentBytesMax, cut between
/// characters. Pure and thread-safe.
std::string kept_comment(std::string_view comment);

}  // namespace vitals::text
