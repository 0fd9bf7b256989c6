#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/base/result.h>
#include <vitals/model/batch.h>
#include <vitals/model/prompt.h>
#include <vitals/store/store.h>

namespace vitals::registry {

/// The texts of prompts by version (docs/formats/prompt.md), and what they say of executions. A
/// version is registered once and never changes; it can be taken back. Thread-safe.
class Prompts {
 public:
  /// So many versions in all, whose texts are so long together. What is known of each is kept in
  /// memory, but for the texts.
  static constexpr std::size_t kVersionsMax = 100'000;
  static constexpr std::size_t kTextBytesMax = std::size_t{1} << 30U;

  /// A version that cannot be read is left out, and why is added to `unreadable`; it can be
  /// registered again. Errors: those of the store.
  static Result<std::unique_ptr<Prompts>> open(store::Store& store,
                                               std::vector<Error>* unreadable = nullptr);

  /// Stores it, synced. False when the same is registered already; a parent or author that is not
  /// given is the same. Errors: already_exists when something else is, unprocessable without the
  /// parent or when there are too many, those of the store.
  Result<bool> add(const model::PromptVersion& version);

  /// Takes a version back, synced: executions that come later get no traits of it, and its name is
  /// free. Versions made from it stay. Returns what was there, without its text. Errors: not_found,
  /// those of the store.
  Result<model::PromptVersion> remove(const std::string& prompt, const std::string& version);

  Result<std::optional<model::PromptVersion>> find(std::string_view prompt,
                                                   std::string_view version) const;
  /// Oldest first, without their texts; none when the prompt is not known.
  std::vector<model::PromptVersion> versions(std::string_view prompt) const;

  struct Summary {
    std::string prompt;
    std::size_t versions = 0;
    std::string latest;
    TimeMs registered_at = 0;  ///< of the latest
  };
  /// All prompts, by name.
  std::vector<Summary> prompts() const;

  /// Gives executions of registered versions the traits of their text, where the event has none of
  /// its own.
  void apply(model::ExecutionBatch& batch) const;

 private:
  using Versions = std::map<std::string, model::PromptVersion, std::less<>>;
  struct Known {
    std::map<std::string, Versions, std::less<>> prompts;  ///< without texts
    std::size_t versions = 0;
    std::size_t text_bytes = 0;

    const model::PromptVersion* find(std::string_view prompt, std::string_view version) const;
    void add(model::PromptVersion version, std::size_t text_bytes);
    void remove(const std::string& prompt, const std::string& version, std::size_t text_bytes);
  };

  Prompts(store::Store& store, store::Table table, store::Table texts)
      : store_(store), table_(table), texts_(texts) {}
  Status load(std::vector<Error>* unreadable);
  /// What add() finds before it stores: an error, or whether it is new.
  Result<bool> is_new(const model::PromptVersion& version) const;

  store::Store& store_;
  const store::Table table_;
  const store::Table texts_;
  std::mutex changing_;  ///< one at a time; held while the store syncs
  std::atomic<bool> any_{false};
  Guarded<Known> known_;
};

}  // namespace vitals::registry
