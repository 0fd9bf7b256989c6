#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include <vitals/cli/cli.h>

#include "json_text.h"
#include "numbers.h"
#include "prompt_analysis.h"
#include "prompt_commands.h"
#include "query_string.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPrompts = "/api/v1/prompts";

std::string path_of(const std::string& prompt) {
  return std::string(kPrompts) + '/' + percent_encode(prompt) + "/versions";
}

std::string path_of(const std::string& prompt, const std::string& version) {
  return path_of(prompt) + '/' + percent_encode(version);
}

/// Calls `print` with each line, which cannot drive the terminal; tabs stay.
template <class Print>
void each_line(const std::string& text, const Print& print) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line;
    for (std::size_t piece = at; piece <= end;) {
      const std::size_t stop = std::min(text.find('\t', piece), end);
      line += printable(std::string_view(text).substr(piece, stop - piece));
      if (stop < end) line += '\t';
      piece = stop + 1;
    }
    print(line);
    at = end + 1;
  }
}

Tone tone_of(const std::string& line) {
  if (line.starts_with('+')) return Tone::good;
  if (line.starts_with('-')) return Tone::bad;
  return line.starts_with('@') ? Tone::faint : Tone::plain;
}

std::string or_dash(const Json& object, const char* member) {
  const std::string text = text_of(object, member);
  return text.empty() ? "-" : text;
}

void print_history(const Json& document, const Console& console) {
  const Json& versions = document.at("versions");
  std::vector<Column> columns{{"VERSION", Align::flexible},
                              {"REGISTERED (UTC)"},
                              {"PARENT", Align::flexible},
                              {"AUTHOR", Align::flexible}};
  // As short as they can be told apart.
  for (const char* title : {"SPEC", "PREC", "CONT", "REDUN", "DENS", "FLOW", "HIER", "SECT"}) {
    columns.push_back({title, Align::right});
  }
  Table table(columns);
  for (const Json& version : versions) {
    std::vector<TableCell> row{{text_of(version, "version"), Tone::strong},
                               moment_text(version.at("registered_at")),
                               or_dash(version, "parent"),
                               or_dash(version, "author")};
    for (const auto& [dimension, value] : version.at("traits").items()) {
      row.push_back(trait_cell(dimension, value));
    }
    table.add(std::move(row));
  }
  table.print(console);
}

void print_version(const Json& version, const Console& console) {
  console.out << toned(printable(text_of(version, "prompt") + ' ' + text_of(version, "version")),
                       Tone::strong, console.color)
              << ", registered " << moment_text(version.at("registered_at")) << " UTC";
  if (const std::string author = text_of(version, "author"); !author.empty()) {
    console.out << " by " << printable(author);
  }
  if (const std::string parent = text_of(version, "parent"); !parent.empty()) {
    console.out << ", from " << printable(parent);
  }
  const Json& counts = version.at("counts");
  console.out << ": " << with_separators(counts.at("words").get<std::int64_t>()) << " words, "
              << with_separators(counts.at("lines").get<std::int64_t>()) << " lines, about "
              << with_separators(counts.at("estimated_tokens").get<std::int64_t>())
              << " tokens\n\n";
  print_analysis(version, text_of(version, "version"), std::nullopt, console);
}

/// `language_specificity +2.10`, of those that moved.
void print_trait_changes(const Json& traits, const Console& console) {
  Table table({{"DIMENSION"}, {"CHANGE", Align::right}});
  for (const auto& [dimension, value] : traits.items()) {
    if (!value.is_number()) continue;
    const auto change = value.get<double>();
    if (std::abs(change) < 0.005) continue;
    const bool better = (change > 0) != (dimension == "redundancy");
    table.add(
        {dimension,
         {(change > 0 ? "+" : "") + format_number(change, 2), better ? Tone::good : Tone::bad}});
  }
  if (table.empty()) {
    console.out << "No dimension changed.\n";
    return;
  }
  table.print(console);
}

}  // namespace

int list_prompts(Session& session) {
  return show_document(session, kPrompts, [&](const Json& document) {
    if (document.at("prompts").empty()) {
      session.console.out << "No prompt is registered: 'vitalsctl prompts register' does that.\n";
      return;
    }
    Table table({{"PROMPT", Align::flexible},
                 {"VERSIONS", Align::right},
                 {"LATEST", Align::flexible},
                 {"REGISTERED (UTC)"}});
    for (const Json& prompt : document.at("prompts")) {
      table.add({{text_of(prompt, "prompt"), Tone::strong},
                 with_separators(prompt.at("versions").get<std::int64_t>()),
                 text_of(prompt, "latest"),
                 moment_text(prompt.at("registered_at"))});
    }
    table.print(session.console);
  });
}

int show_prompt(Session& session, const ShowPromptArguments& arguments) {
  const Console& console = session.console;
  if (arguments.version.empty()) {
    return show_document(session, path_of(arguments.prompt),
                         [&](const Json& document) { print_history(document, console); });
  }
  return show_document(
      session, path_of(arguments.prompt, arguments.version), [&](const Json& version) {
        if (!arguments.text) return print_version(version, console);
        const std::string text = version.at("text").get<std::string>();
        // A file gets it byte by byte.
        if (console.width == 0) {
          console.out << text;
          return;
        }
        each_line(text, [&](const std::string& line) { console.out << line << '\n'; });
      });
}

int diff_prompt(Session& session, const std::string& prompt, const std::string& before,
                const std::string& after) {
  QueryString query;
  query.add("against", before);
  return show_document(session, path_of(prompt, after) + "/diff" + query.text(),
                       [&](const Json& diff) {
                         const Console& console = session.console;
                         console.out << toned("--- " + printable(text_of(diff, "against")),
                                              Tone::strong, console.color)
                                     << '\n'
                                     << toned("+++ " + printable(text_of(diff, "version")),
                                              Tone::strong, console.color)
                                     << '\n';
                         each_line(text_of(diff, "diff"), [&](const std::string& line) {
                           console.out << toned(line, tone_of(line), console.color) << '\n';
                         });
                         console.out << '\n';
                         print_trait_changes(diff.at("traits"), console);
                       });
}

int register_prompt(Session& session, const RegisterArguments& arguments) {
  const auto text = read_prompt(arguments.file, session.console);
  if (!text) return fail(session, text.error());
  const auto escaped = [](const std::string& name) {
    return Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const std::string body = R"({"prompt":)" + escaped(arguments.prompt) + R"(,"version":)" +
                           escaped(arguments.version) + R"(,"parent":)" +
                           escaped(arguments.parent) + R"(,"author":)" + escaped(arguments.author) +
                           R"(,"text":)" + *text + '}';
  const auto answer = session.server.post(kPrompts, "application/json", body);
  return show_answer(session, answer,
                     [&](const Json& version) { print_version(version, session.console); });
}

int remove_prompt(Session& session, const std::string& prompt, const std::string& version) {
  return show_answer(session, session.server.erase(path_of(prompt, version)),
                     [&](const Json& removed) {
                       session.console.out << printable(text_of(removed, "prompt")) << ' '
                                           << printable(text_of(removed, "version"))
                                           << " is taken back; what was counted stays\n";
                     });
}

}  // namespace vitals::cli
