// Sends synthetic executions to a vitalsd as fast as it takes them, or at a given rate: NDJSON
// bodies over kept HTTP connections. An event is put together from texts made beforehand, so that
// the sender takes little of the processor that it shares with the daemon (about 0.3 us an event).
// The same options give the same events, whatever the number of connections; --first and --of cut
// one long stream into several runs. Prints one line of JSON: what was sent, and how long it took.
//
// usage: generator --port N [--name VALUE]...     (the names and defaults are in Options)
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Random = std::mt19937_64;
using Seconds = std::chrono::duration<double>;
using std::chrono::steady_clock;

struct Options {
  std::uint64_t port = 0;
  std::uint64_t events = 1'000'000;
  std::uint64_t first = 0;       ///< number of the first of them in the stream …
  std::uint64_t of = 0;          ///< … of so many; 0: first + events
  std::uint64_t series = 1'000;  ///< combinations of prompt, version, model, environment
  std::uint64_t hours = 24;      ///< that the stream covers …
  std::uint64_t end_ms = 0;      ///< … up to this time; 0: now
  std::uint64_t connections = 4;
  std::uint64_t body_events = 10'000;
  std::uint64_t rate = 0;  ///< events/s; 0: as fast as they are taken
  std::uint64_t seed = 7;
};

Options parse(int argc, char** argv) {
  Options options;
  const std::map<std::string_view, std::uint64_t*> names{{"--port", &options.port},
                                                         {"--events", &options.events},
                                                         {"--first", &options.first},
                                                         {"--of", &options.of},
                                                         {"--series", &options.series},
                                                         {"--hours", &options.hours},
                                                         {"--end-ms", &options.end_ms},
                                                         {"--connections", &options.connections},
                                                         {"--body-events", &options.body_events},
                                                         {"--rate", &options.rate},
                                                         {"--seed", &options.seed}};
  for (int i = 1; i < argc; i += 2) {
    const auto name = names.find(argv[i]);
    if (name == names.end()) throw std::invalid_argument(std::string("no option ") + argv[i]);
    if (i + 1 == argc) throw std::invalid_argument(std::string("no value of ") + argv[i]);
    const std::string_view text = argv[i + 1];
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), *name->second);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw std::invalid_argument(std::string("no number: ") + argv[i + 1]);
    }
  }
  if (options.port == 0) throw std::invalid_argument("--port is missing");
  if (options.of == 0) options.of = options.first + options.events;
  if (options.end_ms == 0) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    options.end_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
  if (options.series == 0 || options.connections == 0 || options.body_events == 0) {
    throw std::invalid_argument("--series, --connections and --body-events are at least 1");
  }
  return options;
}

std::string number(double value, int decimals) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

/// Texts of which each event takes one, packed.
class Pool {
 public:
  template <class Make>
  Pool(std::size_t size, Make make) {
    ends_.push_back(0);
    for (std::size_t i = 0; i < size; ++i) {
      text_ += make(i);
      ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    }
  }
  std::size_t size() const { return ends_.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    return std::string_view(text_).substr(ends_[i], ends_[i + 1] - ends_[i]);
  }
  /// Any of the first 2^16 or fewer, which must be a power of two, by these random bits.
  std::string_view any(std::uint64_t bits) const { return (*this)[bits & (size() - 1)]; }

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;
};

constexpr std::array kModels{"large-2", "large-3", "small-1", "small-2", "open-70b"};
constexpr std::array kTeams{"growth", "search", "risk"};
constexpr std::array kRegions{"eu", "us", "ap"};
constexpr std::array kErrors{"timeout", "rate_limit", "tool_failure"};
constexpr std::uint64_t kUsers = 5'000;
constexpr std::uint64_t kSessions = 50'000;

/// The parts of events, made from the seed alone.
class Parts {
 public:
  explicit Parts(const Options& options)
      : random_(options.seed),
        series(options.series, [](std::size_t i) { return labels(i); }),
        timings(1U << 16U, [this](std::size_t) { return timing(); }),
        tokens(1U << 16U, [this](std::size_t) { return token_counts(); }),
        qualities(1U << 14U, [this](std::size_t) { return quality(); }),
        outcomes(1U << 12U, [this](std::size_t) { return outcome(); }) {
    // Prompts as often as words: the r-th 1/r times as often as the first. Of one prompt's
    // combinations each is as likely as the others.
    const std::size_t prompts = (options.series + kOfOnePrompt - 1) / kOfOnePrompt;
    std::vector<double> weights(prompts);
    for (std::size_t r = 0; r < prompts; ++r) weights[r] = 1 / static_cast<double>(r + 1);
    std::discrete_distribution<std::uint32_t> prompt(weights.begin(), weights.end());
    for (std::uint32_t& each : prompts_) each = prompt(random_);
  }

  std::string_view any_series(std::uint64_t bits) const {
    const std::uint64_t prompt = prompts_[bits % prompts_.size()];
    return series[std::min(prompt * kOfOnePrompt + (bits >> 32U) % kOfOnePrompt,
                           series.size() - 1)];
  }

 private:
  static constexpr std::size_t kOfOnePrompt = 20;  // 2 versions, 5 models, 2 environments

  static std::string labels(std::size_t i) {
    const std::size_t n = i % kOfOnePrompt;
    return R"(,"prompt":"team/prompt-)" + std::to_string(i / kOfOnePrompt) + R"(","version":"v)" +
           std::to_string(1 + n % 2) + R"(","model":")" + kModels[n / 2 % 5] +
           R"(","environment":")" + (n < 10 ? "production" : "staging") + '"';
  }
  double normal(double mean, double deviation) {
    return std::normal_distribution<>(mean, deviation)(random_);
  }
  std::string timing() {
    const double duration = std::exp(normal(7.6, 0.7));
    return R"(,"duration_ms":)" + number(duration, 1) + R"(,"time_to_first_token_ms":)" +
           number(duration * 0.15, 1) + R"(,"resources":{"cpu_ms":)" + number(duration * 0.05, 1) +
           R"(,"memory_bytes":)" + std::to_string(40'000'000 + random_() % 9'000'000) + '}';
  }
  std::string token_counts() {
    return R"(,"input_tokens":)" + number(std::exp(normal(6.5, 0.8)), 0) + R"(,"output_tokens":)" +
           number(std::exp(normal(5.4, 0.7)), 0) + R"(,"iterations":)" +
           std::to_string(random_() % 5 != 0 ? 1 : 2 + random_() % 3);
  }
  std::string quality() {
    std::string text = R"(,"quality")";
    char before = ':';
    for (const char* name : {"clarity", "accuracy", "completeness", "relevance"}) {
      text += before;
      if (before == ':') text += '{';
      text.append("\"").append(name).append("\":");
      text += number(std::clamp(normal(8.6, 0.8), 0.0, 10.0), 1);
      before = ',';
    }
    return text + '}';
  }
  std::string outcome() {
    std::string text = R"(,"status":"success")";
    if (random_() % 25 == 0) {
      text = R"(,"status":"error","error":{"type":")";
      text.append(kErrors[random_() % 3]).append(R"(","detected":true})");
    }
    if (random_() % 5 == 0) {
      text += R"(,"feedback":{"rating":)" + std::to_string(3 + random_() % 3) + R"(,"sentiment":)" +
              number(std::uniform_real_distribution<>(-0.2, 0.9)(random_), 2) + '}';
    }
    text.append(R"(,"tags":{"region":")").append(kRegions[random_() % 3]);
    return text.append(R"(","team":")").append(kTeams[random_() % 3]).append("\"}");
  }

  Random random_;

 public:
  const Pool series;
  const Pool timings;
  const Pool tokens;
  const Pool qualities;
  const Pool outcomes;

 private:
  std::vector<std::uint32_t> prompts_ = std::vector<std::uint32_t>(1U << 20U);
};

void append_number(std::string& text, std::uint64_t value, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  text.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

/// Events [begin, end) of the stream, which depend on their numbers only.
void write_events(const Options& options, const Parts& parts, std::uint64_t begin,
                  std::uint64_t end, std::string& body) {
  Random random(options.seed << 40U ^ begin);
  const double step_ms =
      static_cast<double>(options.hours) * 3'600'000 / static_cast<double>(options.of);
  body.clear();
  for (std::uint64_t n = begin; n < end; ++n) {
    const std::uint64_t one = random(), two = random(), three = random();
    body += R"({"id":")";
    append_number(body, n, 16);
    body += '-';
    append_number(body, one & 0xffff'ffffU, 16);
    body += R"(","time":)";
    const auto age_ms = static_cast<std::uint64_t>(static_cast<double>(options.of - n) * step_ms);
    append_number(body, options.end_ms - age_ms);
    body += parts.any_series(two);
    body += parts.outcomes.any(one >> 52U);
    body += parts.timings.any(one >> 32U);
    body += parts.tokens.any(random());
    body += parts.qualities.any(random());
    body += R"(,"user":"u)";
    append_number(body, three % kUsers);
    body += R"(","session":"s)";
    append_number(body, (three >> 20U) % kSessions);
    body += "\"}\n";
  }
}

/// One kept connection. Errors are exceptions.
class Connection {
 public:
  explicit Connection(std::uint64_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void post(std::string_view body) {
    send(
        "POST /api/v1/executions HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/x-ndjson\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n");
    send(body);
    const std::string answer = receive();
    // Nothing may be refused, and nothing was sent before.
    if (answer.compare(0, 12, "HTTP/1.1 200") != 0 ||
        answer.find("\"rejected\":0") == std::string::npos ||
        answer.find("\"duplicates\":0") == std::string::npos) {
      throw std::runtime_error("the daemon answered: " + answer.substr(0, 1'000));
    }
  }

 private:
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("the daemon closed the connection");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  std::string receive() {
    static constexpr std::string_view kLength = "content-length: ";
    std::string answer;
    std::size_t wanted = ~std::size_t{0};
    while (answer.size() < wanted) {
      std::array<char, 4096> buffer{};
      const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (got <= 0) throw std::runtime_error("the daemon closed the connection");
      answer.append(buffer.data(), static_cast<std::size_t>(got));
      const std::size_t head = answer.find("\r\n\r\n");
      if (head == std::string::npos || wanted != ~std::size_t{0}) continue;
      std::string names = answer.substr(0, head);
      std::transform(names.begin(), names.end(), names.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; });
      const std::size_t at = names.find(kLength);
      if (at == std::string::npos) throw std::runtime_error("an answer without length");
      std::from_chars(names.data() + at + kLength.size(), names.data() + names.size(), wanted);
      wanted += head + 4;
    }
    return answer;
  }

  int socket_;
};

/// The bodies of one run, shared by its connections.
class Run {
 public:
  explicit Run(const Options& options) : options_(options), parts_(options) {}

  void go() {
    begin_ = steady_clock::now();
    std::vector<std::thread> threads;
    for (std::uint64_t i = 0; i < options_.connections; ++i) {
      threads.emplace_back([this] { send_bodies(); });
    }
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  void print() const {
    const double seconds = Seconds(steady_clock::now() - begin_).count();
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto cpu = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                     static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    std::printf("{\"events\": %llu, \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"bytes\": %llu}\n",
                static_cast<unsigned long long>(options_.events), seconds, cpu,
                static_cast<unsigned long long>(bytes_.load()));
  }

 private:
  void send_bodies() {
    try {
      Connection connection(options_.port);
      std::string body;
      while (!failed_) {
        const std::uint64_t sent = next_.fetch_add(options_.body_events);
        if (sent >= options_.events) return;
        const std::uint64_t begin = options_.first + sent;
        const std::uint64_t count = std::min(options_.body_events, options_.events - sent);
        write_events(options_, parts_, begin, begin + count, body);
        if (options_.rate > 0) {
          const Seconds due(static_cast<double>(sent) / static_cast<double>(options_.rate));
          std::this_thread::sleep_until(begin_ + due);  // tidy: allowed, it is no test
        }
        connection.post(body);
        bytes_ += body.size();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failed_ = true;
      failure_ = std::current_exception();
    }
  }

  const Options options_;
  const Parts parts_;
  steady_clock::time_point begin_;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Run run(parse(argc, argv));
    run.go();
    run.print();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "generator: %s\n", error.what());
    return 1;
  }
}
