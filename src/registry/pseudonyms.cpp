#include <mutex>
#include <utility>

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

/// Keys, and what was made with the current one. Never changes but for its tables.
struct Pseudonyms::Keyed {
  explicit Keyed(KeyRing ring) : keys(std::move(ring)) {}

  const KeyRing keys;
  mutable Guarded<RecentNames> users, sessions;
};

struct Pseudonyms::State {
  State(std::string path, KeyRing ring)
      : file(std::move(path)), keyed(std::make_shared<const Keyed>(std::move(ring))) {}

  const std::string file;  ///< empty: there is none
  std::mutex changing;  ///< held by who writes the file; nobody who makes pseudonyms waits for it
  Guarded<std::shared_ptr<const Keyed>> keyed;
};

Pseudonyms::Pseudonyms(const Key& key)
    : state_(std::make_shared<State>(std::string(), KeyRing{key, 0, {}})) {}

Result<Pseudonyms> Pseudonyms::open(const std::string& key_file, TimeMs now) {
  auto keys = read_or_make_keys(key_file, now);
  if (!keys) return std::move(keys).error();
  return Pseudonyms(std::make_shared<State>(key_file, *std::move(keys)));
}

Status Pseudonyms::check(const std::string& key_file) {
  const auto keys = read_keys(key_file);
  return keys ? Status() : Status(keys.error());
}

std::shared_ptr<const Pseudonyms::Keyed> Pseudonyms::keyed() const {
  return state_->keyed.with([](const auto& keyed) { return keyed; });
}

std::string Pseudonyms::user(std::string_view name) const {
  return text_of(Hmac(keyed()->keys.current)(kUserDomain, name));
}

std::string Pseudonyms::session(std::string_view name) const {
  return text_of(Hmac(keyed()->keys.current)(kSessionDomain, name));
}

std::vector<std::string> Pseudonyms::all(std::string_view domain, std::string_view name) const {
  const auto keyed = this->keyed();
  std::vector<std::string> pseudonyms{text_of(Hmac(keyed->keys.current)(domain, name))};
  for (const KeyRing::Retired& retired : keyed->keys.retired) {
    pseudonyms.push_back(text_of(Hmac(retired.key)(domain, name)));
  }
  return pseudonyms;
}

void Pseudonyms::apply(model::ExecutionBatch& batch) const {
  const auto keyed = this->keyed();
  const Hmac hmac(keyed->keys.current);
  keyed->users.with([&](RecentNames& recent) {
    translate(hmac, kUserDomain, recent, batch[model::Label::user]);
  });
  keyed->sessions.with([&](RecentNames& recent) {
    translate(hmac, kSessionDomain, recent, batch[model::Label::session]);
  });
}

void Pseudonyms::forget() const {
  const auto keyed = this->keyed();
  keyed->users.with([](RecentNames& recent) { recent = {}; });
  keyed->sessions.with([](RecentNames& recent) { recent = {}; });
}

std::set<std::string, std::less<>> Pseudonyms::users(std::string_view name) const {
  const std::vector<std::string> pseudonyms = all(kUserDomain, name);
  return {pseudonyms.begin(), pseudonyms.end()};
}

Result<model::Filter> Pseudonyms::apply(model::Filter filter) const {
  const bool users = filter.field == "user";
  if (!users && filter.field != "session") return filter;
  std::vector<std::string> hashed;
  for (const std::string& pattern : filter.patterns) {
    if (pattern.empty() || pattern == "*") {  // absent; present
      hashed.push_back(pattern);
      continue;
    }
    if (pattern.find('*') != std::string::npos) {
      return Error{
          Errc::invalid_argument,
          "'" + filter.to_string() + "': a " + filter.field +
              " is stored as a keyed hash, so only whole names can be asked for, not parts"};
    }
    for (std::string& name : all(users ? kUserDomain : kSessionDomain, pattern)) {
      hashed.push_back(std::move(name));
    }
  }
  filter.patterns = std::move(hashed);
  return filter;
}

Status Pseudonyms::save(KeyRing ring) {
  if (!state_->file.empty()) {
    if (Status saved = replace_keys(state_->file, ring); !saved) {
      // The next start must find the keys that are in use until then.
      const Status restored = replace_keys(state_->file, keyed()->keys);
      if (restored) return saved;
      return Error{saved.error().code,
                   saved.error().message +
                       "; nor could those of before be written again: " + restored.error().message};
    }
  }
  state_->keyed.with([&](auto& keyed) { keyed = std::make_shared<const Keyed>(std::move(ring)); });
  return {};
}

Result<std::size_t> Pseudonyms::rotate(TimeMs now) {
  const std::lock_guard lock(state_->changing);
  KeyRing ring = keyed()->keys;
  if (ring.retired.size() >= kRetiredMax) {
    return Error{Errc::unprocessable,
                 "so many retired keys are kept that no further one can be: they go when the raw "
                 "events of their time are gone"};
  }
  const auto fresh = new_key();
  if (!fresh) return fresh.error();
  ring.retired.insert(ring.retired.begin(), {ring.current, now});
  ring.current = *fresh;
  ring.since = now;
  const std::size_t kept = ring.retired.size();
  if (Status saved = save(std::move(ring)); !saved) return std::move(saved).error();
  return kept;
}

Result<std::size_t> Pseudonyms::drop_retired(TimeMs before) {
  const std::lock_guard lock(state_->changing);
  KeyRing ring = keyed()->keys;
  const std::size_t gone = std::erase_if(
      ring.retired, [before](const KeyRing::Retired& retired) { return retired.at < before; });
  if (gone == 0) return gone;
  if (Status saved = save(std::move(ring)); !saved) return std::move(saved).error();
  return gone;
}

TimeMs Pseudonyms::key_since() const { return keyed()->keys.since; }

std::size_t Pseudonyms::retired_keys() const { return keyed()->keys.retired.size(); }

}  // namespace vitals::registry
