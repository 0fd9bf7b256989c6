#include "config/section.h"

#include <catch2/catch.hpp>

#include "config/scalar.h"

using namespace vitals;
using namespace vitals::config;

namespace {

/// Reads a text as one section; returns what was reported.
template <class Read>
std::string read(const std::string& text, const Read& visit) {
  Report report;
  Document document{"f", &report, {}, {}};
  const auto root = parse_yaml(text, document);
  if (root) {
    Section section(*root, document);
    visit(section);
  }
  return report.text();
}

}  // namespace

TEST_CASE("absent keys leave values alone, present ones replace them") {
  DurationMs kept = 7;
  DurationMs age = 7;
  std::uint32_t count = 1;
  bool flag = false;
  double number = 0;
  CHECK(read("age: 5m\ncount: 12\nflag: true\nnumber: -1.5e1\n", [&](Section& section) {
          section.duration("kept", kept);
          section.duration("age", age);
          section.count("count", count, 0);
          section.flag("flag", flag);
          section.number("number", number, -100, 100);
        }) == "");
  CHECK(kept == 7);
  CHECK(age == 300'000);
  CHECK(count == 12);
  CHECK(flag);
  CHECK(number == -15);
}

TEST_CASE("no time at all has any unit, or none") {
  for (const char* text : {"age: 0\n", "age: 0s\n", "age: 0m\n", "age: 0ms\n"}) {
    DurationMs age = 7;
    CHECK(read(text, [&](Section& section) { section.duration("age", age, 0); }) == "");
    CHECK(age == 0);
  }
  DurationMs age = 7;
  CHECK(read("age: 00m\n", [&](Section& section) { section.duration("age", age, 0); }) != "");
  CHECK(read("age: 0x\n", [&](Section& section) { section.duration("age", age, 0); }) != "");
}

TEST_CASE("a value of the wrong type or out of range is named with line and key") {
  struct Case {
    const char* text;
    const char* problem;
  };
  const Case bad = GENERATE(
      Case{"age: 5\n",
           "f:1: age: '5' is not a duration: expected a whole number and a unit, as in "
           "30s, 5m, 1h, 7d"},
      Case{"age: 10ms\n", "f:1: age: '10ms': must be at least 1s"},
      Case{"age: 2d\n", "f:1: age: '2d': must be at most 1d"},
      Case{"age: [5m]\n", "f:1: age: expected a single value"},
      Case{"age:\n", "f:1: age: has no value"},
      Case{"count: 11\n", "f:1: count: '11': expected a whole number from 1 to 10"},
      Case{"count: -1\n", "f:1: count: '-1': expected a whole number from 1 to 10"},
      Case{"count: 1.5\n", "f:1: count: '1.5': expected a whole number from 1 to 10"},
      Case{"flag: yes\n", "f:1: flag: 'yes': expected true or false"},
      Case{"number: nan\n", "f:1: number: 'nan': expected a number from 0 to 1"},
      Case{"number: 1.01\n", "f:1: number: '1.01': expected a number from 0 to 1"},
      Case{"size: 1MB\n", "f:1: size: '1MB': expected a size from 1KiB to 1MiB, as in 64MiB"},
      Case{"list: a\n", "f:1: list: expected a list: [a, b], or one '- item' per line"},
      Case{"list: [[a]]\n", "f:1: list: expected a list of texts"},
      Case{"below: 5\n", "f:1: below: expected keys with values below it"});
  CAPTURE(bad.text);
  CHECK(read(bad.text, [&](Section& section) {
          DurationMs age = 0;
          std::uint32_t count = 0;
          std::uint64_t size = 0;
          bool flag = false;
          double number = 0;
          std::vector<std::string> list;
          section.duration("age", age, 1'000, 86'400'000);
          section.count("count", count, 1, 10);
          section.bytes("size", size, 1 << 10, 1 << 20);
          section.flag("flag", flag);
          section.number("number", number, 0, 1);
          section.texts("list", list);
          section.section("below");
        }) == bad.problem);
}

TEST_CASE("unknown keys are found at every level, with the nearest known one") {
  CHECK(read("retenton: 1\nlist:\n  - nmae: x\n    zzz: 1\n",
             [](Section& section) {
               section.section("retention");
               section.sections("list", [](Section& item) {
                 std::string name;
                 item.text("name", name);
               });
             }) ==
        "f:3: list[0].nmae: unknown key; did you mean 'name'?\n"
        "f:4: list[0].zzz: unknown key\n"
        "f:1: retenton: unknown key; did you mean 'retention'?");
}

TEST_CASE("choices list what is possible") {
  CHECK(read("level: loud\n", [](Section& section) {
          int level = 0;
          section.choice<int>("level", level, {{"low", 1}, {"mid", 2}, {"high", 3}});
        }) == "f:1: level: 'loud': expected low, mid or high");
}

TEST_CASE("sizes read and print back") {
  CHECK(parse_bytes("64MiB") == 64ULL << 20);
  CHECK(parse_bytes("17") == 17);
  CHECK(parse_bytes("17B") == 17);
  CHECK_FALSE(parse_bytes("64 MiB").has_value());
  CHECK_FALSE(parse_bytes("99999999999GiB").has_value());
  CHECK_FALSE(parse_bytes("MiB").has_value());
  CHECK(format_bytes(24ULL << 20) == "24MiB");
  CHECK(format_bytes(1000) == "1000B");
}
