#include "session.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

namespace vitals::cli {

int show_body(Session& session, const std::string& body, const ShowDocument& show) {
  if (session.json) {
    session.console.out << body;
    return kDone;
  }
  const auto document = parse_document(body);
  if (!document) return fail(session, document.error());
  try {
    show(*document);
  } catch (const nlohmann::json::exception& problem) {
    return fail(session, {Errc::corruption, "the daemon's answer has an unexpected shape (" +
                                                std::string(problem.what()) +
                                                "); are daemon and vitalsctl of one version?"});
  }
  return kDone;
}

int fail(Session& session, const Error& error) {
  session.console.err << toned("vitalsctl: ", Tone::bad, session.console.color) << error.message
                      << '\n';
  return error.code == Errc::unavailable ? kUnreachable : kFailed;
}

int show_document(Session& session, const std::string& path_and_query, const ShowDocument& show) {
  const auto body = session.server.get(path_and_query);
  if (!body) return fail(session, body.error());
  return show_body(session, *body, show);
}

int show_answer(Session& session, const Result<net::ClientAnswer>& answer,
                const ShowDocument& show) {
  if (!answer) return fail(session, answer.error());
  if (answer->status != 200) return fail(session, explain(*answer));
  return show_body(session, answer->body, show);
}

}  // namespace vitals::cli
