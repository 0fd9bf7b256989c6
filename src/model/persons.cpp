#include <algorithm>
#include <iterator>

#include <vitals/model/persons.h>

namespace vitals::model {
namespace {

constexpr std::string_view kErased = "(erased)";
/// A pseudonym is so many hexadecimal digits (registry/pseudonyms.h).
constexpr std::size_t kPseudonymBytes = 16;

/// By code, whether the column's text is among the names.
std::vector<bool> among(const SymbolColumn& column, const Persons::Names& names) {
  std::vector<bool> found(column.dictionary.size() + 1);
  if (names.empty()) return found;
  for (std::uint32_t code = 1; code < found.size(); ++code) {
    found[code] = names.find(column.dictionary.at(code)) != names.end();
  }
  return found;
}

std::uint32_t code_at(const SymbolColumn& column, std::size_t row) {
  return column.codes.empty() ? Dictionary::kAbsentCode : column.codes[row];
}

void clear(SymbolColumn& column, const std::vector<std::uint32_t>& rows) {
  if (column.codes.empty()) return;
  for (const std::uint32_t row : rows) column.codes[row] = Dictionary::kAbsentCode;
}

void clear(AttributeColumn& column, const std::vector<std::uint32_t>& rows,
           const Persons::Names& kept) {
  if (column.ends.empty()) return;
  const auto stays = [&](std::uint32_t code) {
    return kept.find(AttributeColumn::key_of(column.pairs.at(code))) != kept.end();
  };
  std::vector<std::uint32_t> codes, ends;
  codes.reserve(column.codes.size());
  ends.reserve(column.ends.size());
  auto next = rows.begin();
  for (std::uint32_t row = 0; row < column.ends.size(); ++row) {
    const auto pairs = column.at(row);
    if (next != rows.end() && *next == row) {
      ++next;
      std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(codes), stays);
    } else {
      codes.insert(codes.end(), pairs.begin(), pairs.end());
    }
    ends.push_back(static_cast<std::uint32_t>(codes.size()));
  }
  column.codes = std::move(codes);
  column.ends = std::move(ends);
}

void replace_ids(TextColumn& ids, const std::vector<std::uint32_t>& rows,
                 const Disguise& disguise) {
  if (ids.size() == 0) return;
  TextColumn replaced;
  auto next = rows.begin();
  for (std::uint32_t row = 0; row < ids.size(); ++row) {
    if (next != rows.end() && *next == row) {
      ++next;
      replaced.push_back(disguised_id(ids.at(row), disguise));
    } else {
      replaced.push_back(ids.at(row));
    }
  }
  ids = std::move(replaced);
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// Where the next of the pseudonyms begins, from `at` on.
std::optional<std::size_t> find_name(std::string_view text, std::size_t at,
                                     const Persons& persons) {
  std::size_t run = 0;
  for (; at < text.size(); ++at) {
    run = is_hex(text[at]) ? run + 1 : 0;
    if (run < kPseudonymBytes) continue;
    const std::size_t begin = at + 1 - kPseudonymBytes;
    const std::string_view name = text.substr(begin, kPseudonymBytes);
    if (persons.users.find(name) != persons.users.end() ||
        persons.sessions.find(name) != persons.sessions.end()) {
      return begin;
    }
  }
  return std::nullopt;
}

}  // namespace

PersonalRows rows_of(const ExecutionBatch& batch, const Persons& persons) {
  const SymbolColumn& users = batch[Label::user];
  const SymbolColumn& sessions = batch[Label::session];
  const std::vector<bool> user_found = among(users, persons.users);
  const std::vector<bool> session_found = among(sessions, persons.sessions);
  PersonalRows rows;
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    const std::uint32_t user = code_at(users, row);
    const bool of_session = session_found[code_at(sessions, row)];
    if (user_found[user] || (of_session && user == Dictionary::kAbsentCode)) {
      rows.whole.push_back(row);
    } else if (of_session) {
      rows.session_only.push_back(row);
    }
  }
  return rows;
}

void anonymize(ExecutionBatch& batch, const PersonalRows& rows, const Disguise& disguise,
               const Persons::Names& kept_tags) {
  clear(batch[Label::user], rows.whole);
  clear(batch[Label::session], rows.whole);
  clear(batch[Label::session], rows.session_only);
  clear(batch.attributes, rows.whole, kept_tags);
  replace_ids(batch.ids, rows.whole, disguise);
}

std::optional<std::string> if_named(std::string_view text, const Persons& persons) {
  if (!find_name(text, 0, persons)) return std::nullopt;
  std::string rest;
  std::size_t at = 0;
  while (const auto name = find_name(text, at, persons)) {
    rest.append(text.substr(at, *name - at)).append(kErased);
    at = *name + kPseudonymBytes;
  }
  return rest.append(text.substr(at));
}

}  // namespace vitals::model
