#include "evaluating.h"

#include <utility>

#include <vitals/api/shown_execution.h>
#include <vitals/model/signal.h>

namespace vitals::app {
namespace {

bool hand_in(pipeline::Intake& intake, model::Signal assessment, evaluate::Stored stored) {
  std::vector<model::Signal> alone;
  alone.push_back(std::move(assessment));
  return intake.submit(std::move(alone),
                       [stored = std::move(stored)](Result<pipeline::SignalsOutcome> outcome) {
                         if (!outcome) return stored(std::move(outcome).error());
                         if (outcome->refused == 0) return stored({});
                         stored(Error{Errc::invalid_argument, outcome->why});
                       });
}

}  // namespace

Result<std::unique_ptr<Evaluating>> Evaluating::open(store::Store& store,
                                                     const events::EventLog& log,
                                                     const Clock& clock, const Logger& logger,
                                                     telemetry::Registry& telemetry,
                                                     pipeline::Intake& intake,
                                                     const std::vector<evaluate::Evaluator>& whom) {
  std::unique_ptr<Evaluating> evaluating(new Evaluating());
  evaluating->calls_ = net::make_calls();
  auto opened = evaluate::Evaluators::open(
      {store, log, clock, *evaluating->calls_, logger, telemetry, api::shown_to_evaluators,
       [&intake](model::Signal assessment, evaluate::Stored stored) {
         return hand_in(intake, std::move(assessment), std::move(stored));
       }},
      whom);
  if (!opened) return std::move(opened).error();
  evaluating->evaluators_ = *std::move(opened);
  return evaluating;
}

void Evaluating::run() {
  while (!stopped_) calls_->wait(evaluators_->step());
}

void Evaluating::stop() {
  stopped_ = true;
  calls_->wake();
}

}  // namespace vitals::app
