#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

namespace vitals::registry {

/// Replaces names of users and sessions by keyed hashes before anything is stored:
/// HMAC-SHA-256 with the key file of this installation, first 64 bits as 16 hex characters.
/// Users and sessions have different key domains, so equal names are not equal pseudonyms.
/// Thread-safe; copies share a table of pseudonyms made lately.
class Pseudonyms {
 public:
  using Key = std::array<unsigned char, 32>;

  /// Reads the key file, or makes one (mode 0600) from the system's random source and syncs it.
  /// Errors: invalid_argument when the file has the wrong size or others may read it, io.
  static Result<Pseudonyms> open(const std::string& key_file);
  explicit Pseudonyms(const Key& key);

  std::string user(std::string_view name) const;
  std::string session(std::string_view name) const;

  /// Replaces every entry of the batch's user and session dictionaries.
  void apply(model::ExecutionBatch& batch) const;

  /// Hashes the names in filters on `user` and `session`, each side of `a|b` by itself. "" (absent)
  /// and a lone `*` (present) stay; other patterns with `*` are refused, as a hash has no parts.
  /// A name is always hashed: one that looks like a pseudonym is a name like any other.
  Result<model::Filter> apply(model::Filter filter) const;

  /// Pseudonyms that a user's events may have been stored under.
  std::set<std::string, std::less<>> users(std::string_view name) const { return {user(name)}; }

  /// Forgets those that were made lately.
  void forget() const;

 private:
  struct Recent;

  Key key_;
  std::shared_ptr<Recent> recent_;
};

}  // namespace vitals::registry
