#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/model/batch.h>
#include <vitals/model/signal.h>

namespace vitals::model {

/// Pseudonyms of users and sessions that are to be forgotten. A plain value.
struct Persons {
  using Names = std::set<std::string, std::less<>>;
  Names users;
  Names sessions;

  bool empty() const { return users.empty() && sessions.empty(); }
  bool operator==(const Persons&) const = default;
};

/// Whether a field names persons.
inline bool is_personal(std::string_view field) { return field == "user" || field == "session"; }

/// Rows of a batch that hold something of persons, ascending.
struct PersonalRows {
  /// Theirs: of one of the users, or of one of the sessions and of no user.
  std::vector<std::uint32_t> whole;
  /// Of one of the sessions, but of another user.
  std::vector<std::uint32_t> session_only;

  bool empty() const { return whole.empty() && session_only.empty(); }
};
PersonalRows rows_of(const ExecutionBatch& batch, const Persons& persons);

/// Takes out of rows what tells of a person: user, session, tags and parameters but for those with
/// these keys (`tags.region`); the id becomes disguised_id(). Of the second kind only the session.
/// Everything else stays, whatever columns there are.
void anonymize(ExecutionBatch& batch, const PersonalRows& rows, const Disguise& disguise,
               const Persons::Names& kept_tags = {});

/// A text, which may be a JSON document, without their pseudonyms: each becomes `(erased)`. Nothing
/// when there is none in it.
std::optional<std::string> if_named(std::string_view text, const Persons& persons);

}  // namespace vitals::model
