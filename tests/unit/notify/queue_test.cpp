#include "notify/queue.h"

#include <limits>

#include <catch2/catch.hpp>

#include "notify/circuit.h"
#include "notify/row.h"

namespace vitals::notify {
namespace {

constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();

Waiting row(std::uint64_t number, const std::string& incident, TimeMs due_at,
            const std::string& group = "") {
  return {numbered_key(Space::waiting, number), incident, group, "", due_at, due_at, false};
}

Waiting repeat(const std::string& incident, TimeMs due_at, const std::string& group = "") {
  return {told_key("r", incident), incident, group, "", due_at, due_at, true};
}

std::vector<std::uint64_t> numbers(const std::vector<Waiting>& rows) {
  std::vector<std::uint64_t> all;
  for (const Waiting& one : rows) all.push_back(number_of(one.key));
  return all;
}

using Numbers = std::vector<std::uint64_t>;

TEST_CASE("an incident's rows go one after another, incidents do not wait for one another") {
  Queue queue;
  queue.add(row(1, "a", 10));
  queue.add(row(2, "a", 11));
  queue.add(row(3, "b", 12));
  CHECK(queue.due_at() == 10);
  const auto first = queue.take(20, 1);
  CHECK(numbers(first) == Numbers{1});
  CHECK(queue.due_at() == 12);
  const auto other = queue.take(20, 1);
  CHECK(numbers(other) == Numbers{3});
  CHECK(queue.due_at() == kNever);
  queue.again(first, 100);
  CHECK(queue.due_at() == 100);
  queue.done(other);
  CHECK(queue.waiting() == 2);
  queue.done(queue.take(100, 1));
  CHECK(numbers(queue.take(100, 1)) == Numbers{2});
}

TEST_CASE("what was put back goes before what waits") {
  Queue queue;
  queue.add(row(1, "a", 10));
  Waiting back = row(900, "a", 10);
  back.key = numbered_key(Space::put_back, 900);
  queue.add(back);
  CHECK(numbers(queue.take(10, 1)) == Numbers{900});
}

TEST_CASE("a group is one line, and goes together") {
  Queue queue;
  for (std::uint64_t i = 0; i < 5; ++i) queue.add(row(i, std::to_string(i % 2), 10, "g"));
  queue.add(row(5, "0", 10));  // its route does not group any more: it keeps its place
  const auto three = queue.take(10, 3);
  CHECK(numbers(three) == Numbers{0, 1, 2});
  CHECK(queue.due_at() == kNever);
  queue.together(three, "m");
  queue.again(three, 20);
  queue.add(row(6, "2", 10, "g"));
  const auto same = queue.take(20, 100);
  CHECK(numbers(same) == Numbers{0, 1, 2});
  CHECK(same[0].message == "m");
  queue.done(same);
  CHECK(numbers(queue.take(20, 100)) == Numbers{3, 4});
}

TEST_CASE("a repeat comes when nothing else is to be told") {
  Queue queue;
  queue.add(repeat("a", 100));
  CHECK(queue.waiting() == 0);
  CHECK(queue.due_at() == 100);
  queue.add(row(1, "a", 10));
  CHECK(queue.due_at() == 10);
  const auto told = queue.take(10, 1);
  queue.done(told);
  queue.add(repeat("a", 200));  // in place of the other
  CHECK(queue.due_at() == 200);
  const auto once = queue.take(200, 1);
  CHECK(once[0].repeat);
  queue.drop_repeat("a");  // it is under way
  queue.again(once, 300);
  CHECK(queue.due_at() == 300);
  queue.drop_repeat("a");
  CHECK(queue.empty());
}

TEST_CASE("repeats of a group go together when they are due") {
  Queue queue;
  queue.add(repeat("a", 100, "g"));
  queue.add(repeat("b", 110, "g"));
  queue.add(repeat("c", 300, "g"));
  CHECK(queue.take(120, 10).size() == 2);
}

TEST_CASE("what has waited for too long is taken out, but for what is under way") {
  Queue queue;
  for (std::uint64_t i = 0; i < 4; ++i)
    queue.add(row(i, std::to_string(i), static_cast<TimeMs>(10 * i)));
  CHECK(numbers(queue.expire(10)) == Numbers{0, 1});
  CHECK(queue.oldest() == 20);
  const auto sent = queue.take(20, 1);
  CHECK(queue.expire(100).empty());
  queue.again(sent, 50);
  CHECK(queue.expire(100).size() == 2);
  CHECK(queue.empty());
}

TEST_CASE("a circuit lets one probe through at a time, and closes when one succeeds") {
  std::mt19937_64 random(1);
  Options options;
  Circuit circuit;
  CHECK_FALSE(circuit.begin());
  CHECK_FALSE(circuit.begin());
  circuit.failed(false, 1'000, 0, kNever, options, random);
  const TimeMs first = circuit.opens_at();
  CHECK(first > 1'000);
  CHECK(first <= 6'000);
  circuit.failed(false, 1'100, 0, kNever, options, random);  // was under way
  CHECK(circuit.opens_at() == first);
  circuit.succeeded(false);
  CHECK_FALSE(circuit.closed());

  CHECK(circuit.begin());
  CHECK(circuit.opens_at() == kNever);
  CHECK(circuit.open_until() == first);
  circuit.failed(true, first, first + 7'200'000, kNever, options, random);
  CHECK(circuit.opens_at() == first + 7'200'000);
  CHECK(circuit.begin());
  circuit.failed(true, first, 0, first + 1, options, random);
  CHECK(circuit.opens_at() == first + 1);
  CHECK(circuit.begin());
  circuit.succeeded(true);
  CHECK(circuit.closed());
  CHECK(circuit.opens_at() == 0);
}

TEST_CASE("a rate lets so many through in so much time") {
  RateLimit rate;
  CHECK(rate.next_at(5) == 0);
  rate.configure(3, 60'000, 0);
  TimeMs now = 0;
  for (int sent = 0; sent < 3; ++sent) {
    CHECK(rate.next_at(now) == 0);
    rate.take();
  }
  CHECK(rate.next_at(now) == 20'000);
  for (int sent = 3; sent < 30; ++sent) {
    now = rate.next_at(now);
    rate.take();
  }
  CHECK(now >= 27 * 20'000);
  CHECK(now < 27 * 20'000 + 30);
  CHECK(rate.next_at(now - 1'000'000) <= now);  // the clock was set back
}

}  // namespace
}  // namespace vitals::notify
