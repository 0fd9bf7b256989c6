#include <vitals/base/guarded.h>
#include <vitals/registry/pseudonyms.h>

#include "hmac.h"
#include "key_file.h"

namespace vitals::registry {
namespace {

// The NUL ends the domain, so that no name of one is a name of the other.
constexpr std::string_view kUserDomain{"user\0", 5};
constexpr std::string_view kSessionDomain{"session\0", 8};

std::string text_of(const PseudonymText& text) { return {text.data(), text.size()}; }

/// Replaces each distinct name once. That two of them meet in one pseudonym of 64 bits is not to be
/// expected; they would be one user under two codes.
void translate(const Hmac& hmac, std::string_view domain, RecentNames& recent,
               model::SymbolColumn& column) {
  const auto make = [&](std::string_view name) { return hmac(domain, name); };
  column.dictionary = model::Dictionary(recent.get(column.dictionary, make));
}

}  // namespace

struct Pseudonyms::Recent {
  Guarded<RecentNames> users, sessions;
};

Pseudonyms::Pseudonyms(const Key& key) : key_(key), recent_(std::make_shared<Recent>()) {}

Result<Pseudonyms> Pseudonyms::open(const std::string& key_file) {
  const auto key = read_or_make_key(key_file);
  if (!key) return key.error();
  return Pseudonyms(*key);
}

std::string Pseudonyms::user(std::string_view name) const {
  return text_of(Hmac(key_)(kUserDomain, name));
}

std::string Pseudonyms::session(std::string_view name) const {
  return text_of(Hmac(key_)(kSessionDomain, name));
}

void Pseudonyms::apply(model::ExecutionBatch& batch) const {
  const Hmac hmac(key_);
  recent_->users.with([&](RecentNames& recent) {
    translate(hmac, kUserDomain, recent, batch[model::Label::user]);
  });
  recent_->sessions.with([&](RecentNames& recent) {
    translate(hmac, kSessionDomain, recent, batch[model::Label::session]);
  });
}

void Pseudonyms::forget() const {
  recent_->users.with([](RecentNames& recent) { recent = {}; });
  recent_->sessions.with([](RecentNames& recent) { recent = {}; });
}

Result<model::Filter> Pseudonyms::apply(model::Filter filter) const {
  const bool users = filter.field == "user";
  if (!users && filter.field != "session") return filter;
  const std::string asked = filter.to_string();
  for (std::string& pattern : filter.patterns) {
    if (pattern.empty() || pattern == "*") continue;  // absent; present
    if (pattern.find('*') != std::string::npos) {
      return Error{
          Errc::invalid_argument,
          "'" + asked + "': a " + filter.field +
              " is stored as a keyed hash, so only whole names can be asked for, not parts"};
    }
    pattern = users ? user(pattern) : session(pattern);
  }
  return filter;
}

}  // namespace vitals::registry
