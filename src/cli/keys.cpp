#include <ostream>

#include <nlohmann/json.hpp>

#include "key_commands.h"
#include "session.h"

namespace vitals::cli {

int rotate_key(Session& session) {
  const auto answer = session.server.post("/api/v1/admin/rotate-key", "text/plain", "");
  return show_answer(session, answer, [&session](const nlohmann::ordered_json& rotated) {
    const auto kept = rotated.at("retired_keys").get<std::uint64_t>();
    session.console.out << "new names get pseudonyms of a new key; " << kept
                        << (kept == 1 ? " retired key is kept" : " retired keys are kept")
                        << " for what is stored\n";
  });
}

void add_keys(CLI::App& app, Chosen& chosen) {
  CLI::App* keys =
      app.add_subcommand("keys", "Keys that names of users and sessions are hashed with");
  keys->require_subcommand(1);
  keys->add_subcommand("rotate", "Make a new key, and keep the old one for what is stored")
      ->callback([&chosen] { chosen = rotate_key; });
}

}  // namespace vitals::cli
