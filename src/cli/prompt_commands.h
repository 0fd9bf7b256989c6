#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session.h"
#include "subcommands.h"

namespace vitals::cli {

struct RegisterArguments {
  std::string file;  ///< `-` is standard input
  std::string prompt, version, parent, author;
};

struct CheckPromptsArguments {
  std::vector<std::string> files;
  std::optional<double> min;  ///< a dimension below it is a failure; all on a scale of 0 to 10
  bool strict = false;        ///< a finding is a failure
};

struct ShowPromptArguments {
  std::string prompt;
  std::string version;  ///< "" is its history
  bool text = false;    ///< only the text
};

int list_prompts(Session& session);
int show_prompt(Session& session, const ShowPromptArguments& arguments);
int diff_prompt(Session& session, const std::string& prompt, const std::string& before,
                const std::string& after);
int register_prompt(Session& session, const RegisterArguments& arguments);
int remove_prompt(Session& session, const std::string& prompt, const std::string& version);
int check_prompts(Session& session, const CheckPromptsArguments& arguments);

/// `vitalsctl prompts …`.
void add_prompts(CLI::App& app, Chosen& chosen);

}  // namespace vitals::cli
