#include "guesses.h"

#include <array>

namespace vitals::cli {
namespace {

struct Guess {
  std::string_view below;
  std::string_view word;
  std::string_view answer;
};

constexpr std::string_view kResolve =
    "An alert resolves when its rule does, nobody resolves it by hand. Take it on with\n"
    "'vitalsctl alerts ack ALERT', or have it kept quiet with 'vitalsctl alerts silence'.";
constexpr std::string_view kSilence =
    "'vitalsctl alerts silence MATCHER --for 2h --reason TEXT' keeps quiet about alerts.";
constexpr std::string_view kUnsilence = "'vitalsctl alerts unsilence SILENCE' ends a silence.";
constexpr std::string_view kSilences =
    "'vitalsctl alerts silences' lists silences, 'vitalsctl alerts silence' makes one and\n"
    "'vitalsctl alerts unsilence' ends one.";
constexpr std::string_view kReload =
    "Reload the daemon with 'systemctl reload vitalsd', SIGHUP, or POST /api/v1/admin/reload.";

constexpr std::array kGuesses{
    Guess{"alerts", "resolve", kResolve},
    Guess{"alerts", "close", kResolve},
    Guess{"alerts", "delete", kResolve},
    Guess{"alerts", "mute", kSilence},
    Guess{"alerts", "snooze", kSilence},
    Guess{"alerts", "unmute", kUnsilence},
    Guess{"alerts", "list", "'vitalsctl alerts' lists them."},
    Guess{"rules", "list", "'vitalsctl rules' lists them."},
    Guess{"rules", "reload", kReload},
    Guess{"prompts", "add",
          "'vitalsctl prompts register FILE --prompt NAME --version VERSION' does."},
    Guess{"prompts", "delete", "'vitalsctl prompts remove PROMPT VERSION' takes a version back."},
    Guess{"prompts", "lint", "'vitalsctl prompts check FILE' tells what can be mended."},
    Guess{"deliveries", "list", "'vitalsctl deliveries' lists them."},
    Guess{"deliveries", "retry", "'vitalsctl deliveries replay' sends dead letters once more."},
    Guess{"", "silence", kSilence},
    Guess{"", "silences", kSilences},
    Guess{"", "unsilence", kUnsilence},
    Guess{"", "ack", "'vitalsctl alerts ack ALERT' takes an alert on."},
    Guess{"", "acknowledge", "'vitalsctl alerts ack ALERT' takes an alert on."},
    Guess{"", "reload", kReload},
};

}  // namespace

std::string guess_text(std::string_view below, std::string_view word) {
  for (const Guess& guess : kGuesses) {
    if (guess.below != below || guess.word != word) continue;
    return "there is no command '" + std::string(word) + "'. " + std::string(guess.answer) + "\n";
  }
  return "";
}

}  // namespace vitals::cli
