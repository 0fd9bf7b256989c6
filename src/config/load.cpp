#include <cstdlib>

#include <unistd.h>

#include <vitals/base/clock.h>
#include <vitals/config/config.h>
#include <vitals/metrics/metric.h>
#include <vitals/net/loopback.h>

#include "files.h"
#include "read_document.h"
#include "sections.h"

namespace vitals::config {
namespace {

namespace fs = std::filesystem;

/// systemd names its StateDirectory= in the environment; a path list, of which ours is the first.
std::string default_data_dir() {
  const char* state = std::getenv("STATE_DIRECTORY");
  if (state != nullptr && *state != '\0') {
    const std::string_view folders = state;
    return std::string(folders.substr(0, folders.find(':')));
  }
  return ::geteuid() == 0 ? "/var/lib/vitals" : "./vitals-data";
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void load_rules(const FileNames& names, const fs::path& folder, Report& report, Config& config) {
  const metrics::Catalogue catalogue(config.metrics);
  for (const std::string& name : names.rules) {
    const fs::path pattern = folder / name;
    if (std::error_code gone; !fs::is_directory(folder_of(pattern), gone)) {
      report.add(pattern.string(), 0, "", "there is no such folder");
    }
    for (const fs::path& path : expand_glob(pattern)) {
      read_document(path.string(), read_file(path), report,
                    [&](Section& root) { read_rules(root, catalogue, config.rules); });
    }
  }
}

void check_actions(const Config& config, Report& report) {
  for (const rules::Rule& rule : config.rules) {
    if (rule.action.empty() || config.incidents.actions.count(rule.action) != 0) continue;
    report.add(rule.source, 0, "action",
               "rule '" + rule.name + "' names '" + rule.action +
                   "', which is none of the `actions` of vitals.yaml");
  }
}

void load_file(const fs::path& path, Report& report, Config& config) {
  const fs::path folder = folder_of(path);
  FileNames names;
  read_document(path.string(), read_file(path), report,
                [&](Section& root) { names = read_config(root, folder, config); });
  load_rules(names, folder, report, config);
  check_actions(config, report);
  if (!names.tokens.empty()) {
    const fs::path tokens = folder / names.tokens;
    read_document(tokens.string(), read_secret_file(tokens), report,
                  [&](Section& root) { read_tokens(root, config.tokens); });
  }
}

void apply(const Overrides& overrides, Report& report, Config& config) {
  if (overrides.data_dir) config.data_dir = *overrides.data_dir;
  if (overrides.listen) {
    const Result<Address> address = parse_address(*overrides.listen);
    if (!address) {
      report.add("--listen", 0, "", address.error().message);
    } else {
      config.http.host = address->host;
      config.http.port = address->port;
    }
  }
  if (!overrides.otlp_listen) return;
  if (*overrides.otlp_listen == "off") return config.otlp_listen.reset();
  const Result<Address> address = parse_address(*overrides.otlp_listen);
  if (!address) return report.add("--otlp-listen", 0, "", address.error().message);
  config.otlp_listen = *address;
}

/// What is reachable from other hosts must ask for tokens, on an encrypted connection.
void check_exposure(std::string_view file, const Config& config, Report& report) {
  if (config.insecure || (!config.tokens.empty() && !config.http.tls_certificate.empty())) return;
  const auto check = [&](std::string_view key, const std::string& host) {
    if (net::is_loopback(host)) return;
    report.add(file, 0, key,
               "'" + host +
                   "' can be reached from other hosts: set token_file and tls, or listen on "
                   "127.0.0.1, or say 'insecure: true' if something else protects it");
  };
  check("listen", config.http.host);
  if (config.otlp_listen) check("otlp_listen", config.otlp_listen->host);
}

}  // namespace

Config::Config() : data_dir(default_data_dir()) {
  series.retention_ms = {30 * kDayMs, 400 * kDayMs, events::kForever};
}

FileNames read_config(Section& root, const fs::path& folder, Config& config) {
  read_listeners(root, config);
  std::string data_dir;
  root.text("data_dir", data_dir);
  if (!data_dir.empty()) config.data_dir = (folder / data_dir).lexically_normal().string();
  FileNames names;
  root.text("token_file", names.tokens);
  root.texts("rules", names.rules);
  for (std::string* file : {&config.http.tls_certificate, &config.http.tls_key}) {
    if (!file->empty()) *file = (folder / *file).lexically_normal().string();
  }
  read_http(root.section("http"), config.http);
  read_log(root.section("log"), config.log);
  read_retention(root.section("retention"), config);
  read_dedup(root.section("dedup"), config.events);
  read_series(root.section("series"), config.series);
  read_store(root.section("store"), config);
  if (!config.backup_dir.empty()) {
    config.backup_dir = (folder / config.backup_dir).lexically_normal().string();
  }
  read_metrics(root.section("metrics"), config.metrics);
  config.series.metrics = config.metrics;
  read_benchmarks(root, metrics::Catalogue(config.metrics), config.benchmarks);
  read_query(root.section("query"), config);
  read_privacy(root.section("privacy"), config);
  if (!config.key_file.empty()) {
    config.key_file = (folder / config.key_file).lexically_normal().string();
  }
  read_pipeline(root.section("pipeline"), config.pipeline);
  read_assessments(root.section("assessments"), config.pipeline);
  read_health(root.section("health"), config.pipeline.health);
  read_evaluators(root, folder, config.evaluators);
  read_incidents(root, config.incidents);
  read_notify(root, folder, config.notify);
  root.sections("actions", [&](Section& section) {
    read_action(section, folder, config.notify.actions.emplace_back());
    read_action_policy(section, config.incidents.actions);
  });
  return names;
}

std::string key_file_of(const Config& config) {
  if (!config.key_file.empty()) return config.key_file;
  return (fs::path(config.data_dir) / kKeyFile).string();
}

Result<Config> load(const std::optional<std::string>& path, const Overrides& overrides) {
  Config config;
  Report report;
  if (path) load_file(*path, report, config);
  apply(overrides, report, config);
  check_exposure(path.value_or("defaults"), config, report);
  if (config.backup_dir == config.data_dir) {
    report.add(path.value_or("defaults"), 0, "store.backup_dir",
               "is the data folder; give backups a folder of their own");
  }
  if (!report.empty()) return Error{Errc::invalid_argument, report.text()};
  return config;
}

Status check_reload(const Config& running, const Config& fresh) {
  if (running.insecure || net::is_loopback(running.http.host) || !fresh.tokens.empty()) return {};
  return Error{Errc::invalid_argument,
               "token_file: tokens cannot be removed while '" + running.http.host +
                   "' is served, which other hosts can reach; restart with the new address first"};
}

}  // namespace vitals::config
