#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <vitals/telemetry/registry.h>

namespace vitals::telemetry {
namespace {

void write_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\' || (quotes && c == '"')) {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

Labels with(Labels labels, std::string_view key, std::string value) {
  labels.emplace_back(std::string(key), std::move(value));
  return labels;
}

void write_histogram(std::string& out, const std::string& name, const Labels& labels,
                     const Histogram& histogram) {
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i <= histogram.upper_bounds().size(); ++i) {
    cumulative += histogram.bucket(i);
    const bool last = i == histogram.upper_bounds().size();
    write_sample(out, name + "_bucket",
                 with(labels, "le", last ? "+Inf" : number(histogram.upper_bounds()[i])),
                 static_cast<double>(cumulative));
  }
  write_sample(out, name + "_sum", labels, histogram.sum());
  write_sample(out, name + "_count", labels, static_cast<double>(cumulative));
}

}  // namespace

Histogram::Histogram(std::vector<double> upper_bounds) : bounds_(std::move(upper_bounds)) {
  for (std::size_t i = 0; i <= bounds_.size(); ++i) buckets_.emplace_back(0);
}

void Histogram::observe(double value) noexcept {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  buckets_[static_cast<std::size_t>(bound - bounds_.begin())].fetch_add(1,
                                                                        std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::bucket(std::size_t i) const noexcept {
  return buckets_[i].load(std::memory_order_relaxed);
}

Registry::Family& Registry::family(std::string_view name, std::string_view help, Kind kind) {
  for (Family& known : families_) {
    if (known.name == name) return known;
  }
  return families_.emplace_back(Family{std::string(name), std::string(help), kind, {}});
}

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  family(name, help, Kind::counter).series.push_back({std::move(labels), counters_.size()});
  return counters_.emplace_back();
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  family(name, help, Kind::gauge).series.push_back({std::move(labels), gauges_.size()});
  return gauges_.emplace_back();
}

Histogram& Registry::histogram(std::string_view name, std::string_view help,
                               std::vector<double> upper_bounds, Labels labels) {
  const std::lock_guard lock(mutex_);
  family(name, help, Kind::histogram).series.push_back({std::move(labels), histograms_.size()});
  return histograms_.emplace_back(std::move(upper_bounds));
}

void Registry::gauge_from(std::string_view name, std::string_view help,
                          std::function<double()> read, Labels labels) {
  const std::lock_guard lock(mutex_);
  family(name, help, Kind::callback).series.push_back({std::move(labels), callbacks_.size()});
  callbacks_.push_back(std::move(read));
}

void Registry::write_prometheus(std::string& out) const {
  const std::lock_guard lock(mutex_);
  for (const Family& family : families_) {
    out += "# HELP " + family.name + ' ';
    write_escaped(out, family.help, false);
    out += "\n# TYPE " + family.name;
    out += family.kind == Kind::counter     ? " counter\n"
           : family.kind == Kind::histogram ? " histogram\n"
                                            : " gauge\n";
    for (const Series& series : family.series) {
      switch (family.kind) {
        case Kind::counter:
          write_sample(out, family.name, series.labels,
                       static_cast<double>(counters_[series.at].value()));
          break;
        case Kind::gauge:
          write_sample(out, family.name, series.labels, gauges_[series.at].value());
          break;
        case Kind::callback:
          write_sample(out, family.name, series.labels, callbacks_[series.at]());
          break;
        case Kind::histogram:
          write_histogram(out, family.name, series.labels, histograms_[series.at]);
          break;
      }
    }
  }
}

std::vector<double> duration_bounds() {
  return {1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

void write_sample(std::string& out, std::string_view name, const Labels& labels, double value) {
  out += name;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out += (i == 0 ? '{' : ',');
    out += labels[i].first + "=\"";
    write_escaped(out, labels[i].second, true);
    out += '"';
  }
  out += labels.empty() ? " " : "} ";
  out += number(value) + '\n';
}

}  // namespace vitals::telemetry
