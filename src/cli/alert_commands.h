#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session.h"

namespace vitals::cli {

/// A command on one alert, and who gives it.
struct AlertCommand {
  std::string verb;   ///< of the API: acknowledge, assign, comment, approve
  std::string alert;  ///< its id, or the end of it
  std::string assignee;
  std::string comment;
  std::string by;
  std::optional<bool> dry_run = {};  ///< of approve
};

struct SilenceArguments {
  std::vector<std::string> matchers;
  std::string duration;
  std::string reason;
  std::string by;
};

/// The only id of the document's list that ends so. Errors: not_found, invalid_argument when there
/// are several, those of the server.
Result<std::string> find_id(Session& session, const std::string& path, const char* list,
                            const std::string& end);

int show_alerts(Session& session, bool all, const std::vector<std::string>& filters);
int show_alert(Session& session, const std::string& alert);
int show_alert_statistics(Session& session, const std::string& last);
int command_alert(Session& session, const AlertCommand& command);

int show_actions(Session& session);
int show_silences(Session& session, bool all);
int silence(Session& session, const SilenceArguments& arguments);
int end_silence(Session& session, const std::string& id);

}  // namespace vitals::cli
