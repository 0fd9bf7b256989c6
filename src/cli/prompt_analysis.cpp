#include "prompt_analysis.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <istream>
#include <ostream>

#include <nlohmann/json.hpp>

#include "json_text.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// More than a daemon takes.
constexpr std::size_t kTextMax = 1 << 20;

std::string read_all(std::istream& in) {
  std::string text(kTextMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string finding_line(const Json& finding, const std::string& name, bool color) {
  const std::string what = text_of(finding, "what");
  std::string line = name + ':' + std::to_string(finding.at("line").get<std::size_t>()) + ": ";
  if (!what.empty()) line += toned('"' + printable(what) + '"', Tone::warning, color) + ' ';
  return line + printable(text_of(finding, "why")) + "; " +
         printable(text_of(finding, "suggestion")) + ' ' +
         toned('[' + printable(text_of(finding, "dimension")) + ']', Tone::faint, color);
}

}  // namespace

Result<std::string> read_prompt(const std::string& file, Console& console) {
  std::string text;
  if (file == "-") {
    text = read_all(console.in);
  } else {
    std::ifstream stream(file, std::ios::binary);
    if (stream.is_open()) text = read_all(stream);
    if (!stream.is_open() || stream.bad()) {
      return Error{Errc::not_found, file + ": " + std::strerror(errno)};
    }
  }
  if (text.size() > kTextMax) return Error{Errc::invalid_argument, file + ": is over 1 MiB long"};
  try {
    return Json(text).dump();
  } catch (const Json::exception&) {
    return Error{Errc::invalid_argument, file + ": is no text in UTF-8"};
  }
}

bool is_below(const std::string& dimension, const Json& value, double min) {
  if (!value.is_number()) return false;
  const auto number = value.get<double>();
  return (dimension == "redundancy" ? 10 * (1 - number) : number) < min;
}

TableCell trait_cell(const std::string& dimension, const Json& value, std::optional<double> min) {
  if (!value.is_number()) return "-";
  constexpr double kDecimals = 100;
  const double rounded = std::round(value.get<double>() * kDecimals) / kDecimals;
  return {"", rounded, min && is_below(dimension, value, *min) ? Tone::bad : Tone::plain};
}

void print_analysis(const Json& analysis, const std::string& name, std::optional<double> min,
                    const Console& console) {
  for (const Json& finding : analysis.at("findings")) {
    console.out << finding_line(finding, printable(name), console.color) << '\n';
  }
  const auto left_out = analysis.at("findings_left_out").get<std::size_t>();
  if (left_out > 0) console.out << "and " << left_out << " more findings\n";
  if (!analysis.at("findings").empty()) console.out << '\n';
  Table table({{"DIMENSION"}, {"VALUE", Align::right}, {"BEST", Align::right}});
  for (const auto& [dimension, value] : analysis.at("traits").items()) {
    table.add(
        {dimension, trait_cell(dimension, value, min), dimension == "redundancy" ? "0" : "10"});
  }
  table.print(console);
  if (!analysis.at("english").get<bool>()) {
    console.out << "It is not taken for English: dimensions of its words are not told.\n";
  }
}

}  // namespace vitals::cli
