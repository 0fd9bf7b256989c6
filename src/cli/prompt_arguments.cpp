#include <cstdlib>
#include <memory>

#include "prompt_commands.h"

namespace vitals::cli {
namespace {

struct Names {
  std::string prompt;
  std::string version;
  std::string other;
};

constexpr const char* kPromptHelp = "Its name";

void add_register(CLI::App& prompts, Chosen& chosen) {
  auto of = std::make_shared<RegisterArguments>();
  if (const char* user = std::getenv("USER"); user != nullptr) of->author = user;
  CLI::App* command = prompts.add_subcommand("register", "Register a version of a prompt");
  command->add_option("FILE", of->file, "Its text; '-' is standard input")->required();
  command->add_option("--prompt", of->prompt, "Its name, as executions have it")->required();
  command->add_option("--version", of->version, "Its version, as executions have it")->required();
  command->add_option("--parent", of->parent, "The registered version that it was made from");
  command->add_option("--author", of->author, "Who; default $USER")->capture_default_str();
  command->callback(
      [&chosen, of] { chosen = [of](Session& session) { return register_prompt(session, *of); }; });
}

void add_prompts_check(CLI::App& prompts, Chosen& chosen) {
  auto of = std::make_shared<CheckPromptsArguments>();
  CLI::App* command =
      prompts.add_subcommand("check", "Tell what a writer can mend in prompts; nothing is kept");
  command->add_option("FILE", of->files, "Texts; '-' is standard input")->required();
  command
      ->add_option(
          "--min", of->min,
          "Exit status 1 if a dimension is below this, from 0 to 10 (redundancy: 10 if none)")
      ->check(CLI::Range(0.0, 10.0));
  command->add_flag("--strict", of->strict, "Exit status 1 if there is any finding");
  command->callback(
      [&chosen, of] { chosen = [of](Session& session) { return check_prompts(session, *of); }; });
}

void add_show(CLI::App& prompts, Chosen& chosen) {
  auto of = std::make_shared<ShowPromptArguments>();
  CLI::App* command =
      prompts.add_subcommand("show", "The history of a prompt, or the analysis of one version");
  command->add_option("PROMPT", of->prompt, kPromptHelp)->required();
  auto* version = command->add_option("VERSION", of->version, "One of its versions");
  command->add_flag("--text", of->text, "Print only the text of the version")->needs(version);
  command->callback(
      [&chosen, of] { chosen = [of](Session& session) { return show_prompt(session, *of); }; });
}

void add_diff(CLI::App& prompts, Chosen& chosen) {
  auto of = std::make_shared<Names>();
  CLI::App* command = prompts.add_subcommand("diff", "What changed from one version to another");
  command->add_option("PROMPT", of->prompt, kPromptHelp)->required();
  command->add_option("A", of->version, "The version before")->required();
  command->add_option("B", of->other, "The version after")->required();
  command->callback([&chosen, of] {
    chosen = [of](Session& session) {
      return diff_prompt(session, of->prompt, of->version, of->other);
    };
  });
}

void add_remove(CLI::App& prompts, Chosen& chosen) {
  auto of = std::make_shared<Names>();
  CLI::App* command =
      prompts.add_subcommand("remove", "Take a version back: later executions get no traits of it");
  command->add_option("PROMPT", of->prompt, kPromptHelp)->required();
  command->add_option("VERSION", of->version, "The version")->required();
  command->callback([&chosen, of] {
    chosen = [of](Session& session) { return remove_prompt(session, of->prompt, of->version); };
  });
}

}  // namespace

void add_prompts(CLI::App& app, Chosen& chosen) {
  CLI::App* prompts = app.add_subcommand("prompts", "Prompts that are registered");
  prompts->add_subcommand("list", "All prompts; also without a command");
  prompts->callback([&chosen, prompts] {
    const auto given = prompts->get_subcommands();
    if (given.empty() || given.front()->get_name() == "list") chosen = list_prompts;
  });
  add_show(*prompts, chosen);
  add_diff(*prompts, chosen);
  add_prompts_check(*prompts, chosen);
  add_register(*prompts, chosen);
  add_remove(*prompts, chosen);
}

}  // namespace vitals::cli
