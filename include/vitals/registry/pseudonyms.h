#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/model/batch.h>
#include <vitals/model/filter.h>

namespace vitals::registry {

struct KeyRing;

/// Replaces names of users and sessions by keyed hashes before anything is stored:
/// HMAC-SHA-256 with the current key of this installation, first 64 bits as 16 hex characters.
/// Users and sessions have different key domains, so equal names are not equal pseudonyms.
/// Keys that were retired are kept for finding what was stored under them. Thread-safe; copies
/// share their keys and a table of pseudonyms made lately.
class Pseudonyms {
 public:
  using Key = std::array<unsigned char, 32>;

  /// Reads the key file (docs/formats/pseudonym-key.md), or makes one with a new key (mode 0600,
  /// synced). Errors: invalid_argument when the file is damaged or others may read it, io.
  static Result<Pseudonyms> open(const std::string& key_file, TimeMs now);
  /// Whether open() could read the file that is there; its errors.
  static Status check(const std::string& key_file);
  /// One key, of which there is no file: for tests.
  explicit Pseudonyms(const Key& key);

  /// Under the current key.
  std::string user(std::string_view name) const;
  std::string session(std::string_view name) const;

  /// Replaces every entry of the batch's user and session dictionaries.
  void apply(model::ExecutionBatch& batch) const;

  /// Hashes the names in filters on `user` and `session`, each side of `a|b` by itself and under
  /// every key that is kept. "" (absent) and a lone `*` (present) stay; other patterns with `*` are
  /// refused, as a hash has no parts. A name is always hashed: one that looks like a pseudonym is a
  /// name like any other.
  Result<model::Filter> apply(model::Filter filter) const;

  /// Pseudonyms that a user's events may have been stored under.
  std::set<std::string, std::less<>> users(std::string_view name) const;

  /// Makes a new key the current one and retires the one before, which is kept; durably, before
  /// either is done. Returns how many retired keys are kept. Errors, which leave the
  /// keys in use as they were: unprocessable (too many are), io. The file has those too, unless the
  /// error says that they could not be written again.
  Result<std::size_t> rotate(TimeMs now);
  /// Forgets keys that were retired before this time, in the file too; returns how many. Errors as
  /// of rotate().
  Result<std::size_t> drop_retired(TimeMs before);
  /// When the current key was made; 0 when the file does not tell.
  TimeMs key_since() const;
  /// How many retired keys are kept.
  std::size_t retired_keys() const;

  /// Forgets those that were made lately.
  void forget() const;

 private:
  struct Keyed;
  struct State;

  explicit Pseudonyms(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<const Keyed> keyed() const;
  /// By who holds the lock of changes.
  Status save(KeyRing ring);
  /// Under every key that is kept.
  std::vector<std::string> all(std::string_view domain, std::string_view name) const;

  std::shared_ptr<State> state_;
};

}  // namespace vitals::registry
