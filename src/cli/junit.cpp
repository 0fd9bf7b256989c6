#include "junit.h"

#include <algorithm>
#include <string_view>

namespace vitals::cli {
namespace {

/// XML 1.0 §2.2 allows no other control characters, even escaped.
std::string escaped(std::string_view text) {
  std::string xml;
  for (const char c : text) {
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      xml += '?';
    } else {
      xml += c;
    }
  }
  return xml;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

template <class Iterator>
std::string counts(Iterator begin, Iterator end) {
  const auto failed =
      std::count_if(begin, end, [](const JunitCase& each) { return !each.failure.empty(); });
  return " tests=\"" + std::to_string(end - begin) + "\" failures=\"" + std::to_string(failed) +
         '"';
}

}  // namespace

std::string junit_report(const std::vector<JunitCase>& cases) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
                    counts(cases.begin(), cases.end()) + ">\n";
  for (auto at = cases.begin(); at != cases.end();) {
    const auto end = std::find_if(at, cases.end(),
                                  [&](const JunitCase& other) { return other.suite != at->suite; });
    xml += "  <testsuite name=\"" + escaped(at->suite) + '"' + counts(at, end) + ">\n";
    for (; at != end; ++at) {
      xml += "    <testcase classname=\"" + escaped(at->suite) + "\" name=\"" + escaped(at->name);
      if (at->failure.empty()) {
        xml += "\"/>\n";
        continue;
      }
      xml += "\">\n      <failure message=\"" + escaped(first_line(at->failure)) + "\">" +
             escaped(at->failure) + "</failure>\n    </testcase>\n";
    }
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

}  // namespace vitals::cli
