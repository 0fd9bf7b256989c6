#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include <vitals/text/redact.h>

#include "redaction/characters.h"
#include "redaction/place.h"

namespace vitals::text {
namespace {

using redaction::Found;
using redaction::Place;

/// What looks for one kind of thing, and the characters of which that has at least one (none: it
/// may be of letters alone).
struct Kind {
  std::optional<Found> (*find)(const Place& place);
  std::string_view signs;
};
constexpr std::string_view kDigits = "0123456789";
// In this order: what is found first may hold what looks like the later ones.
constexpr Kind kKinds[] = {{redaction::find_url, "@?#"},     {redaction::find_iban, kDigits},
                           {redaction::find_key, ""},        {redaction::find_email, "@"},
                           {redaction::find_ip, kDigits},    {redaction::find_address, kDigits},
                           {redaction::find_digits, kDigits}};

/// Puts marks in place of all of a kind, from left to right. Something begins at what is no space,
/// and where no word goes on.
std::string marked(std::string_view text, const Kind& kind) {
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool begins = !in_word && c != ' ' && c != '\n';
    if (!redaction::is_continuation(c)) in_word = redaction::leads_word(c);
    if (!begins || redaction::is_continuation(c)) {
      ++at;
      continue;
    }
    out.append(text.substr(copied, at - copied));
    copied = at;
    if (const auto found = kind.find({text, at, out})) {
      out.append(text.substr(at, found->begin - at));
      out.append(found->mark.empty() ? text.substr(found->begin, found->end - found->begin)
                                     : found->mark);
      copied = at = found->end;
      in_word = redaction::word_before(text, at);
    } else {
      ++at;
    }
  }
  return out.append(text.substr(copied));
}

/// By character, a bit for each kind that it is a sign of.
constexpr std::array<std::uint8_t, 256> kKindsOf = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned i = 0; i < std::size(kKinds); ++i) {
    for (const char sign : kKinds[i].signs) kinds[static_cast<unsigned char>(sign)] |= 1U << i;
  }
  return kinds;
}();

/// Whether anything was found.
bool mark_all(std::string& text) {
  unsigned kinds = 0;
  for (const char c : text) kinds |= kKindsOf[static_cast<unsigned char>(c)];
  bool changed = false;
  for (unsigned i = 0; i < std::size(kKinds); ++i) {
    const Kind& kind = kKinds[i];
    if (!kind.signs.empty() && (kinds & 1U << i) == 0) continue;
    std::string next = marked(text, kind);
    changed = changed || next != text;
    text = std::move(next);
  }
  return changed;
}

/// Signs that look like others: spaces of all widths, hyphens, and what cannot be seen.
struct Alike {
  std::string_view sign, plain;
};
constexpr Alike kAlike[] = {{"\u00A0", " "}, {"\u202F", " "}, {"\u2007", " "}, {"\u2009", " "},
                            {"\u200A", " "}, {"\u2010", "-"}, {"\u2011", "-"}, {"\u2012", "-"},
                            {"\u2013", "-"}, {"\u00AD", ""},  {"\u200B", ""},  {"\u2060", ""},
                            {"\uFEFF", ""},  {"\uFF20", "@"}, {"\uFF0B", "+"}};

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  const auto put = [&](std::size_t at, std::size_t bytes, std::string_view instead) {
    out.append(text.substr(copied, at - copied)).append(instead);
    copied = at + bytes;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7F) put(at, 1, " ");
    if (byte < 0xC2) continue;
    for (const Alike& one : kAlike) {
      if (text.substr(at, one.sign.size()) == one.sign) put(at, one.sign.size(), one.plain);
    }
  }
  return out.append(text.substr(copied));
}

/// The end of the last whole character within `most` bytes.
std::size_t cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text.size();
  while (most > 0 && redaction::is_continuation(text[most])) --most;
  return most;
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out = plain(text);
  // A mark may lay bare what could not be told before: until nothing is found any more. Each round
  // leaves less outside of marks; two are what almost all texts need.
  while (mark_all(out)) continue;
  return out;
}

std::string kept_comment(std::string_view comment) {
  constexpr std::size_t kReadBytes = 8'192, kWordBytesMax = 512;
  if (comment.size() > kReadBytes) {
    // Half an address would not be known as one.
    const std::size_t space = comment.rfind(' ', kReadBytes);
    const bool near = space != std::string_view::npos && space + kWordBytesMax >= kReadBytes;
    comment = comment.substr(0, near ? space : cut(comment, kReadBytes));
  }
  std::string kept = redact(comment);
  kept.resize(cut(kept, kCommentBytesMax));
  return kept;
}

}  // namespace vitals::text
