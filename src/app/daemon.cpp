#include "daemon.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <vitals/api/api.h>
#include <vitals/backtest/backtest.h>
#include <vitals/base/guarded.h>
#include <vitals/base/task_queue.h>
#include <vitals/config/rule_files.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/net/calls.h>
#include <vitals/net/server.h>
#include <vitals/notify/outbox.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/maintenance.h>
#include <vitals/pipeline/spine.h>
#include <vitals/query/engine.h>
#include <vitals/registry/erasures.h>
#include <vitals/registry/error_templates.h>
#include <vitals/registry/prompts.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/registry/silences.h>
#include <vitals/rules/history.h>
#include <vitals/series/rollups.h>
#include <vitals/store/backup.h>
#include <vitals/store/folder_lock.h>
#include <vitals/store/rocks.h>
#include <vitals/telemetry/registry.h>

#include "config_watch.h"
#include "courier.h"
#include "diagnosing.h"
#include "evaluating.h"
#include "incident_options.h"
#include "pseudonym_key.h"
#include "status.h"

namespace vitals::app {
namespace {

constexpr std::size_t kQueriesWaitingMax = 1024;
constexpr int kQueryThreads = 2;
constexpr DurationMs kDrainMs = 10'000;
/// At the end; the next start goes on with what is left.
constexpr DurationMs kFoldMs = 5'000;

}  // namespace

/// In order of construction; members are destroyed in reverse.
struct Daemon::Parts {
  Parts(const config::Config& given, const Clock& the_clock, Logger the_logger)
      : config(given),
        clock(the_clock),
        logger(std::move(the_logger)),
        started_at(the_clock.now_ms()),
        config_watch(telemetry, started_at),
        catalogue(given.metrics),
        benchmarks(given.benchmarks),
        query_tasks(kQueriesWaitingMax) {}

  Status open_storage();
  Status build_pipeline();
  Status build_api();
  void start_threads();
  void stop();
  using Diagnosed = std::function<void(rules::Diagnosis)>;
  bool diagnose(const model::Alert& alert, const Diagnosed& done);
  Result<pipeline::OtherMemories::Forgotten> forget(const model::Persons& persons);
  Result<bool> purge_others();
  Status reload();
  Status take_over(const config::Config& fresh);
  std::vector<std::string> not_ready() const;

  const config::Config config;
  const Clock& clock;
  const Logger logger;
  const TimeMs started_at;
  std::function<Result<config::Config>()> load_again;
  std::mutex reload_mutex;
  std::atomic<bool> stopping{false};

  telemetry::Registry telemetry;
  ConfigWatch config_watch;
  const metrics::Catalogue catalogue;
  Guarded<std::vector<insight::PromptBenchmarks>> benchmarks;  // those of the last reload
  TaskQueue query_tasks;

  std::unique_ptr<store::FolderLock> lock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<events::EventLog> log;
  std::unique_ptr<series::Rollups> rollups;
  std::unique_ptr<registry::Pseudonyms> pseudonyms;
  std::unique_ptr<pipeline::AlertBook> alerts;
  std::unique_ptr<registry::Silences> silences;
  std::unique_ptr<registry::Erasures> erasures;
  std::unique_ptr<registry::Prompts> prompts;
  std::unique_ptr<registry::ErrorTemplates> error_templates;
  std::unique_ptr<store::Backups> backups;

  std::unique_ptr<net::Calls> calls;
  std::unique_ptr<notify::Outbox> outbox;
  std::unique_ptr<Courier> courier;
  std::unique_ptr<pipeline::Spine> spine;
  std::unique_ptr<pipeline::Maintenance> maintenance;
  std::unique_ptr<query::Engine> queries;
  std::unique_ptr<Evaluating> evaluating;

  std::unique_ptr<api::Api> api;
  std::unique_ptr<net::Server> server;

  std::vector<std::thread> io_threads;
  std::vector<std::thread> query_threads;
  std::thread spine_thread, maintenance_thread, courier_thread;
  std::thread evaluator_thread;  // where any evaluators are configured
};

Result<std::unique_ptr<Daemon>> Daemon::start(const config::Config& config, const Clock& clock,
                                              Logger logger,
                                              std::function<Result<config::Config>()> load_again) {
  auto parts = std::make_unique<Parts>(config, clock, std::move(logger));
  parts->load_again = std::move(load_again);
  if (auto opened = parts->open_storage(); !opened) return std::move(opened).error();
  if (auto built = parts->build_pipeline(); !built) return std::move(built).error();
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(parts)));
  Parts& p = *daemon->parts_;
  if (auto built = p.build_api(); !built) return std::move(built).error();
  p.start_threads();
  return daemon;
}

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Daemon::~Daemon() { parts_->stop(); }

std::uint16_t Daemon::port() const { return parts_->server->port(); }

Status Daemon::Parts::open_storage() {
  auto held = store::FolderLock::take(config.data_dir);
  if (!held) {
    const bool used = held.error().code == Errc::already_exists;
    return Error{
        held.error().code,
        "the data folder " + held.error().message +
            (used ? "; stop that one first, or give this one its own with --data-dir" : "")};
  }
  lock = std::make_unique<store::FolderLock>(*std::move(held));

  store::RocksOptions options = config.store;
  options.folder = config.data_dir + "/store";
  auto opened = store::open_rocks(options, logger);
  if (!opened) return std::move(opened).error();
  store = *std::move(opened);

  auto opened_log = events::EventLog::open(*store, clock, config.events, logger, telemetry);
  if (!opened_log) return std::move(opened_log).error();
  log = *std::move(opened_log);

  auto opened_rollups = series::Rollups::open(*store, clock, config.series, logger, telemetry);
  if (!opened_rollups) return std::move(opened_rollups).error();
  rollups = *std::move(opened_rollups);

  auto keys = open_pseudonyms(config, clock.now_ms());
  if (!keys) return std::move(keys).error();
  pseudonyms = std::make_unique<registry::Pseudonyms>(*std::move(keys));

  auto book = pipeline::AlertBook::open(*store);
  if (!book) return std::move(book).error();
  alerts = std::make_unique<pipeline::AlertBook>(*std::move(book));
  auto quiet = registry::Silences::open(*store);
  if (!quiet) return std::move(quiet).error();
  silences = std::make_unique<registry::Silences>(*std::move(quiet));
  auto asked = registry::Erasures::open(*store);
  if (!asked) return std::move(asked).error();
  erasures = std::make_unique<registry::Erasures>(*std::move(asked));
  std::vector<Error> unreadable;
  auto registered = registry::Prompts::open(*store, &unreadable);
  if (!registered) return std::move(registered).error();
  prompts = *std::move(registered);
  for (const Error& why : unreadable) logger->error("a prompt is left out: {}", why.message);
  unreadable.clear();
  auto templates = registry::ErrorTemplates::open(*store, &unreadable);
  if (!templates) return std::move(templates).error();
  error_templates = *std::move(templates);
  for (const Error& why : unreadable) logger->error("a template is left out: {}", why.message);
  backups = std::make_unique<store::Backups>(
      *store, config.backup_dir,
      std::map<std::string, std::string>{
          {std::string(config::kKeyFile), config::key_file_of(config)}});
  return {};
}

Status Daemon::Parts::build_pipeline() {
  calls = net::make_calls();
  auto opened = notify::Outbox::open(*store, clock, config.notify, *calls, logger, telemetry);
  if (!opened) return std::move(opened).error();
  outbox = *std::move(opened);
  courier = std::make_unique<Courier>(*outbox, *calls, clock);

  auto made = pipeline::Spine::make(
      {*store, *log, *outbox, catalogue, clock, logger, telemetry, [this] { courier->wake(); },
       [this](const model::Alert& alert, const Diagnosed& done) { return diagnose(alert, done); },
       [this](const rules::Rule& rule, const pipeline::SpineParts::TellHistory& done) {
         // At the end nobody answers, and nobody waits.
         return stopping || query_tasks.post([this, rule, done] {
           done(rules::read_history(rule, *queries, catalogue, clock.now_ms()));
         });
       },
       [this](std::function<void()> work) { return query_tasks.post(std::move(work)); },
       [this](std::vector<pipeline::Revision> revisions,
              std::function<void(Result<pipeline::Revisions>)> done) {
         return maintenance->revise(std::move(revisions), std::move(done));
       },
       [this] { return disk_free(config.data_dir); }},
      config.pipeline);
  if (!made) return std::move(made).error();
  spine = *std::move(made);
  if (auto loaded = spine->load_rules(config.rules); !loaded) return loaded;
  if (auto taken = spine->load_incident_options(incident_options(config, clock)); !taken)
    return taken;

  maintenance = std::make_unique<pipeline::Maintenance>(
      pipeline::MaintenanceParts{*store,
                                 *log,
                                 *rollups,
                                 *alerts,
                                 *pseudonyms,
                                 clock,
                                 logger,
                                 telemetry,
                                 {[this](const model::Persons& persons) { return forget(persons); },
                                  [this] { return purge_others(); }}},
      config.pipeline);
  queries = std::make_unique<query::Engine>(*store, *log, *rollups, catalogue, clock, config.query,
                                            logger, telemetry,
                                            query::QueryThreads{&query_tasks, kQueryThreads});
  auto asking = Evaluating::open(*store, *log, clock, logger, telemetry, *spine, config.evaluators);
  if (!asking) return std::move(asking).error();
  evaluating = *std::move(asking);
  return {};
}

Status Daemon::Parts::build_api() {
  // `this` stays where it is: the daemon holds it by pointer.
  api = std::make_unique<api::Api>(
      api::Services{*spine,
                    *maintenance,
                    *alerts,
                    *silences,
                    *erasures,
                    *prompts,
                    *error_templates,
                    *queries,
                    catalogue,
                    *pseudonyms,
                    *outbox,
                    clock,
                    telemetry,
                    logger,
                    query_tasks,
                    config.events.raw_retention_ms,
                    config.keep_comments,
                    started_at,
                    [this] {
                      return status_entries(*store, *log, *rollups,
                                            config.pipeline.disk_budget_bytes);
                    },
                    [this] { return store->recovery().findings; },
                    [this] { return not_ready(); },
                    [this] { return config_watch.state(); },
                    [this] { return benchmarks.with([](const auto& all) { return all; }); },
                    [this] { return reload(); },
                    [this](const std::string& name) { return backups->make(name); },
                    [this](std::string_view name, const std::string& text) {
                      return config::parse_rules(name, text, config.metrics);
                    },
                    [this](backtest::Request request) {
                      request.deadline_ms = config.backtest_deadline_ms;
                      return backtest::run({*store, *log, *queries, catalogue, clock}, request);
                    },
                    [this] { return evaluating->standings(); }},
      api::Tokens(config.tokens));
  auto listening = net::Server::listen(config.http, *api, logger, telemetry);
  if (!listening) return std::move(listening).error();
  server = *std::move(listening);
  return {};
}

void Daemon::Parts::start_threads() {
  spine_thread = std::thread([this] { spine->run(); });
  maintenance_thread = std::thread([this] { maintenance->run(); });
  courier_thread = std::thread([this] { courier->run(); });
  if (!config.evaluators.empty()) evaluator_thread = std::thread([this] { evaluating->run(); });
  for (int i = 0; i < kQueryThreads; ++i) {
    query_threads.emplace_back([this] { query_tasks.run(); });
  }
  for (std::uint32_t i = 0; i < config.http.threads; ++i) {
    io_threads.emplace_back([this] { server->run_thread(); });
  }
}

void Daemon::Parts::stop() {
  stopping = true;
  if (io_threads.empty()) return;  // never started
  // From the roof down: no new requests, then nobody who could still need what is below.
  server->stop(kDrainMs);
  for (std::thread& thread : io_threads) thread.join();
  query_tasks.close();
  for (std::thread& thread : query_threads) thread.join();
  evaluating->stop();
  if (evaluator_thread.joinable()) evaluator_thread.join();
  spine->close();
  spine_thread.join();
  // A receiver that hangs must not use up the service manager's patience: its notification is in
  // the outbox, for the next start. What takes long without being able to fail comes last.
  courier->stop();
  courier_thread.join();
  if (auto folded = maintenance->fold_all(kFoldMs); !folded) {
    logger->warn("cells will catch up at the next start: {}", folded.error().message);
  }
  maintenance->stop();
  maintenance_thread.join();
}

std::vector<std::string> Daemon::Parts::not_ready() const {
  std::vector<std::string> reasons;
  if (stopping) reasons.emplace_back("the daemon is stopping");
  if (!spine->storing()) reasons.emplace_back("events cannot be stored at present");
  return reasons;
}

/// On a query thread; false when too many tasks wait for one.
bool Daemon::Parts::diagnose(const model::Alert& alert, const Diagnosed& done) {
  const auto rules = spine->rules();
  const auto rule = std::find_if(rules->begin(), rules->end(),
                                 [&](const rules::Rule& one) { return one.name == alert.rule; });
  if (rule == rules->end()) return false;
  return query_tasks.post([this, alert, rule = *rule, done] {
    done(app::diagnose(alert, rule, *queries, catalogue, clock));
  });
}

/// The alerts first: they are what is told.
Result<pipeline::OtherMemories::Forgotten> Daemon::Parts::forget(const model::Persons& persons) {
  const auto of_alerts = spine->forget(persons);
  if (!of_alerts) return of_alerts.error();
  const auto deliveries = outbox->forget(persons);
  if (!deliveries) return deliveries.error();
  pseudonyms->forget();
  evaluating->reread();
  return pipeline::OtherMemories::Forgotten{*of_alerts, *deliveries};
}

Result<bool> Daemon::Parts::purge_others() {
  bool gone = true;
  for (const auto& purged : {alerts->purge(), silences->purge(), outbox->purge()}) {
    if (!purged) return purged.error();
    gone = gone && *purged;
  }
  return gone;
}

Status Daemon::reload() { return parts_->reload(); }

Status Daemon::Parts::reload() {
  const std::lock_guard one_at_a_time(reload_mutex);
  const auto fresh = load_again();
  const Status taken = fresh ? take_over(*fresh) : Status(fresh.error());
  if (!taken) {
    logger->error("reload refused, the old configuration stays:\n{}", taken.error().message);
    Error told{taken.error().code, config::without_folders(taken.error().message)};
    config_watch.refused(clock.now_ms(), told.message);
    return told;
  }
  config_watch.loaded(clock.now_ms());
  logger->info(
      "reloaded rules, schedules, receivers, routes, heartbeats, actions, inhibit, flapping, "
      "benchmarks and tokens; other keys need a restart");
  return {};
}

Status Daemon::Parts::take_over(const config::Config& fresh) {
  if (auto safe = config::check_reload(config, fresh); !safe) return safe;
  if (auto valid = notify::validate(fresh.notify); !valid) return valid;
  if (auto loaded = spine->load_rules(fresh.rules); !loaded) return loaded;
  if (auto taken = outbox->configure(fresh.notify); !taken) return taken;
  if (auto taken = spine->load_incident_options(incident_options(fresh, clock)); !taken)
    return taken;
  benchmarks.with([&fresh](auto& all) { all = fresh.benchmarks; });
  api->set_tokens(api::Tokens(fresh.tokens));
  return {};
}

}  // namespace vitals::app
