#include <array>
#include <span>
#include <string>

#include "characters.h"
#include "place.h"

namespace vitals::text::redaction {
namespace {

constexpr std::size_t kGroupsMax = 8;
constexpr std::size_t kCardDigitsMin = 13, kCardDigitsMax = 19;   // ISO/IEC 7812-1
constexpr std::size_t kPhoneDigitsMin = 7, kPhoneDigitsMax = 15;  // ITU-T E.164

/// Digits without anything between them.
struct Group {
  std::string_view digits;
  std::string_view before;  ///< what parts it from the group before
};

/// `+49 (0)30 1234-567`: groups with little between them.
struct Run {
  std::array<Group, kGroupsMax> groups;
  std::size_t size = 0;
  bool plus = false;
  bool bracket = false;  ///< the first group is in brackets
};

Run run_at(std::string_view text, std::size_t begin) {
  constexpr std::string_view kBetween = " -./()";
  constexpr std::size_t kBetweenMax = 3;
  Run run;
  std::size_t at = begin;
  for (; text[at] == '(' || text[at] == '+'; ++at) {
    (text[at] == '+' ? run.plus : run.bracket) = true;
    if (at - begin == 1 || at + 1 == text.size()) return {};
  }
  std::size_t digits = 0;
  std::string_view before;
  while (run.size < kGroupsMax) {
    const std::size_t end = skip(text, at, kCardDigitsMax + 1, is_digit);
    digits += end - at;
    if (end == at || digits > kCardDigitsMax) break;
    run.groups[run.size++] = {text.substr(at, end - at), before};
    at = skip(text, end, kBetweenMax,
              [&](char c) { return kBetween.find(c) != std::string_view::npos; });
    if (at == end) break;
    before = text.substr(end, at - end);
  }
  return run;
}

using Groups = std::span<const Group>;

std::size_t count_of(Groups groups) {
  std::size_t count = 0;
  for (const Group& group : groups) count += group.digits.size();
  return count;
}

std::string joined(Groups groups) {
  std::string digits;
  for (const Group& group : groups) digits += group.digits;
  return digits;
}

/// Whether there is always the same between them, one of these.
bool parted_by(Groups groups, std::string_view any_of) {
  for (std::size_t i = 1; i < groups.size(); ++i) {
    const std::string_view between = groups[i].before;
    const bool good = between.size() == 1 && any_of.find(between) != std::string_view::npos;
    if (!good || between != groups[1].before) return false;
  }
  return true;
}

bool has_sizes(Groups groups, std::initializer_list<std::size_t> sizes) {
  return std::equal(
      groups.begin(), groups.end(), sizes.begin(), sizes.end(),
      [](const Group& group, std::size_t size) { return group.digits.size() == size; });
}

int value_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 4)) value = value * 10 + (c - '0');
  return value;
}

bool is_date(Groups groups) {
  if (groups.size() != 3 || !parted_by(groups, "-./")) return false;
  const auto year = [](const Group& group) {
    const int value = value_of(group.digits);
    return group.digits.size() == 2 || (group.digits.size() == 4 && value >= 1900 && value < 2100);
  };
  const auto part = [](const Group& group) {
    return group.digits.size() <= 2 && value_of(group.digits) <= 31;
  };
  const bool year_first = groups[0].digits.size() == 4;
  return part(groups[1]) && year(groups[year_first ? 0 : 2]) && part(groups[year_first ? 2 : 0]);
}

/// `3.14159`, `1.000.000`, `12 500 000`.
bool is_quantity(Groups groups) {
  const std::string_view first = groups[0].digits;
  if (groups.size() < 2 || (first.size() > 1 && first[0] == '0')) return false;
  if (groups.size() == 2 && groups[1].before == ".") return true;
  const bool thousands = parted_by(groups, ". ") && first.size() <= 3 &&
                         std::all_of(groups.begin() + 1, groups.end(),
                                     [](const Group& g) { return g.digits.size() == 3; });
  const bool round = std::all_of(groups.begin() + 1, groups.end(),
                                 [](const Group& g) { return g.digits == "000"; });
  return thousands && (first.size() < 3 || round);
}

/// ISO/IEC 7812-1, annex B (Luhn), of the issuers that begin with 2 to 6.
bool is_card(Groups groups) {
  const std::size_t count = count_of(groups);
  if (count < kCardDigitsMin || count > kCardDigitsMax || !parted_by(groups, " -")) return false;
  const std::string digits = joined(groups);
  if (digits[0] < '2' || digits[0] > '6') return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int twice = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += i % 2 == 1 ? twice : digit;
  }
  return sum % 10 == 0;
}

/// A word shortly before says that it is one: `my mobile is`.
bool phone_named(std::string_view before) {
  constexpr std::array<std::string_view, 20> kWords{
      "phone",         "telephone", "tel",      "call",      "cell",     "mobile",  "mobil",
      "handy",         "whatsapp",  "fax",      "sms",       "ring",     "telefon", "rufnummer",
      "telefonnummer", "móvil",     "teléfono", "téléphone", "telefono", "celular"};
  constexpr std::size_t kWordsBack = 4, kBytesBack = 40;
  if (before.size() > kBytesBack) before.remove_prefix(before.size() - kBytesBack);
  for (std::size_t words = 0; words < kWordsBack; ++words) {
    constexpr std::string_view kBetween = " :.#";
    while (!before.empty() && kBetween.find(before.back()) != std::string_view::npos) {
      before.remove_suffix(1);
    }
    std::size_t begin = before.size();
    while (begin > 0 && (is_alnum(before[begin - 1]) || is_high(before[begin - 1]))) --begin;
    if (begin == before.size()) return false;
    if (is_among(before.substr(begin), kWords)) return true;
    before = before.substr(0, begin);
  }
  return false;
}

/// Numbers of North America: neither area nor exchange begins with 0 or 1.
bool is_nanp(std::string_view digits) {
  if (digits.size() == 11 && digits[0] == '1') digits.remove_prefix(1);
  return digits.size() == 10 && digits[0] >= '2' && digits[3] >= '2';
}

bool is_phone(const Run& run, Groups groups, std::string_view before) {
  const std::size_t count = count_of(groups);
  if (count < kPhoneDigitsMin || count > kPhoneDigitsMax) return false;
  const std::string digits = joined(groups);
  if (run.plus || phone_named(before)) return true;
  const std::string_view first = groups[0].digits;
  if (groups.size() == 1) {
    return is_nanp(digits) || (first[0] == '0' && digits.size() >= 9 && digits.size() <= 13);
  }
  if (run.bracket) return first.size() >= 2 && first.size() <= 5 && digits.size() >= 8;
  if (first[0] == '0') {
    const bool long_groups = std::all_of(groups.begin(), groups.end(),
                                         [](const Group& g) { return g.digits.size() >= 2; });
    return long_groups && first.size() <= 6 && digits.size() >= 8;
  }
  if (!parted_by(groups, " -.")) return false;
  return has_sizes(groups, {3, 3, 4}) || has_sizes(groups, {1, 3, 3, 4}) ||
         has_sizes(groups, {3, 3, 3}) || has_sizes(groups, {3, 2, 2, 2}) ||
         has_sizes(groups, {4, 3, 3}) || (has_sizes(groups, {5, 5}) && first[0] >= '6');
}

/// Of social security in the United States.
bool is_social_security(Groups groups) {
  return has_sizes(groups, {3, 2, 4}) && parted_by(groups, "-");
}

bool starts_with_date(Groups groups) {
  if (groups.size() < 3 || !is_date(groups.first(3))) return false;
  return groups.size() == 3 || groups[3].before != groups[1].before;
}

/// Empty for what is kept as a whole, since its parts could be taken for something else.
std::optional<std::string_view> mark_of(const Run& run, Groups groups, std::string_view before) {
  if (is_quantity(groups)) return std::string_view();
  if (is_card(groups)) return "[card]";
  if (is_social_security(groups)) return "[number]";
  if (is_phone(run, groups, before)) return "[phone]";
  return std::nullopt;
}

/// Whether a number goes on there, as in `0170-1234568`.
bool tears(std::string_view text, std::size_t end) {
  const char next = at(text, end);
  return (next == '-' || next == '.' || next == '/') && is_digit(at(text, end + 1));
}

/// With the end of the last group, unless a word goes on there.
std::optional<Found> ended(Found found, std::string_view text, Groups groups) {
  found.end = static_cast<std::size_t>(groups.back().digits.end() - text.begin());
  if (word_at(text, found.end)) return std::nullopt;
  return found;
}

/// ISO 7064, MOD 97-10, of some more letters or digits.
unsigned remainder_with(unsigned remainder, char c) {
  if (is_digit(c)) return (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
  return (remainder * 100 + static_cast<unsigned>(lower(c) - 'a') + 10) % 97;
}

}  // namespace

std::optional<Found> find_iban(const Place& place) {
  constexpr std::size_t kHead = 4, kCharactersMin = 15, kCharactersMax = 34;  // ISO 13616-1
  const std::string_view text = place.text;
  const std::string_view head = text.substr(place.at, kHead);
  const bool good = head.size() == kHead && is_alpha(head[0]) && is_alpha(head[1]) &&
                    is_digit(head[2]) && is_digit(head[3]);
  if (!good) return std::nullopt;
  unsigned remainder = 0;
  std::size_t characters = kHead, end = 0;
  for (std::size_t i = place.at + kHead; i < text.size() && characters < kCharactersMax; ++i) {
    if (text[i] == ' ' && is_alnum(text[i - 1])) continue;
    if (!is_alnum(text[i])) break;
    remainder = remainder_with(remainder, text[i]);
    if (++characters < kCharactersMin || word_at(text, i + 1)) continue;
    unsigned check = remainder;
    for (const char c : head) check = remainder_with(check, c);
    if (check == 1) end = i + 1;
  }
  if (end == 0) return std::nullopt;
  return Found{place.at, end, "[iban]"};
}

std::optional<Found> find_digits(const Place& place) {
  const char first = place.text[place.at];
  if (!is_digit(first) && first != '+' && first != '(') return std::nullopt;
  const Run run = run_at(place.text, place.at);
  const Groups all = Groups(run.groups).first(run.size);
  if (starts_with_date(all)) return ended({place.at, 0, {}}, place.text, all.first(3));
  // The longest first, but none that ends within `0170-1234568` while there are others.
  for (const bool torn : {false, true}) {
    for (std::size_t count = all.size(); count > 0; --count) {
      const auto mark = mark_of(run, all.first(count), place.before);
      if (!mark) continue;
      const auto found = ended({place.at, 0, *mark}, place.text, all.first(count));
      if (found && tears(place.text, found->end) == torn) return found;
    }
  }
  return std::nullopt;
}

}  // namespace vitals::text::redaction
