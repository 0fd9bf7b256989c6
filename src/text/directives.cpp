#include <algorithm>
#include <unordered_set>

#include "prompt.h"

namespace vitals::text {
namespace {

enum class Opener { passes, firm, weak };

constexpr PhraseGroup kOpeners[] = {
    {Opener::passes,
     "please, then, next, first, firstly, second, secondly, third, finally, lastly, "
     "also, now, and, but, so, again, instead, in addition, additionally, afterwards, "
     "after that, always, carefully, briefly, clearly, fully, start by, begin by"},
    {Opener::firm,
     "do not, don't, never, only, make sure, be sure, you will, you must, you shall, "
     "you should, you need to, you are to, you have to, i want you to, i need you to, "
     "i would like you to, i'd like you to, your task is, your job is, your goal is, "
     "your role is, let's, no"},
    {Opener::weak,
     "feel free to, try to, you can, you may, you could, you might, consider, perhaps, "
     "maybe, if possible, ideally"},
};

/// Anywhere in a sentence they make it a requirement (ISO/IEC/IEEE 29148:2018, §5.2.4; RFC 2119).
constexpr PhraseGroup kModals[] = {
    {1,
     "must, shall, should, must not, should not, shouldn't, is required, are required, "
     "has to, have to, needs to, need to, i want you to, i need you to, you will, you "
     "are to, your task is, your job is"},
};

constexpr std::string_view kVerbs =
    "act, add, address, adapt, adjust, analyse, analyze, answer, append, apply, arrange, "
    "ask, assess, assign, assume, avoid, base, be, begin, break, build, calculate, "
    "capture, categorise, categorize, change, check, choose, cite, clarify, classify, "
    "collect, combine, compare, compile, complete, compose, compute, conduct, confirm, "
    "consume, continue, convert, copy, correct, count, cover, craft, create, define, "
    "deliver, demonstrate, derive, describe, design, detail, detect, determine, develop, "
    "discuss, display, distil, distill, do, draft, draw, edit, emphasise, emphasize, end, "
    "enhance, ensure, estimate, evaluate, examine, exclude, execute, expand, explain, "
    "explore, extract, fill, find, finish, fix, focus, follow, format, generate, get, "
    "give, go, greet, group, guide, help, highlight, identify, ignore, imagine, "
    "implement, improve, include, incorporate, indicate, infer, insert, interpret, "
    "introduce, invent, keep, label, leave, limit, link, list, look, make, map, mark, "
    "match, mention, merge, modify, name, note, offer, omit, optimise, optimize, order, "
    "organise, organize, outline, output, paraphrase, parse, perform, pick, place, plan, "
    "predict, prefer, prepare, present, preserve, print, prioritise, prioritize, produce, "
    "propose, provide, put, quote, rank, rate, read, recommend, refer, reference, refine, "
    "remember, remove, render, repeat, rephrase, replace, reply, report, research, "
    "respond, restate, return, review, revise, rewrite, role-play, run, say, score, "
    "search, select, separate, set, shorten, show, simplify, simulate, solve, sort, "
    "specify, split, start, state, stay, stick, stop, structure, study, submit, suggest, "
    "summarise, summarize, support, take, talk, tell, think, transform, translate, treat, "
    "try, update, use, utilise, utilize, validate, verify, wait, walk, wrap, write";

/// Words after which a verb's form at the start of a sentence is a noun: "Output is", "List of".
bool makes_noun(std::string_view next) {
  return next == "is" || next == "are" || next == "of" || next == "was" || next == "has";
}

std::size_t imperative_at(const std::vector<Word>& words, std::size_t word, std::size_t end) {
  if (word >= end || !is_imperative_verb(words[word].text)) return 0;
  const bool noun = word + 1 < end && makes_noun(words[word + 1].text);
  return noun || words[word].after == ':' ? 0 : 1;
}

/// Whether another instruction follows this word: "… and print it", "…, sort the lines".
std::size_t joins_imperative(const std::vector<Word>& words, std::size_t word, std::size_t end) {
  if (words[word].text == "and" || words[word].text == "then") {
    return imperative_at(words, word + 1, end);
  }
  const bool object = word + 2 < end && words[word + 2].function;  // not a list of nouns
  return words[word].after == ',' && object ? imperative_at(words, word + 1, end) : 0;
}

/// Where the main clause starts behind "If …," or "When …,".
std::size_t main_clause(const std::vector<Word>& words, std::size_t first, std::size_t end) {
  const std::string_view opening = words[first].text;
  if (opening != "if" && opening != "when" && opening != "for" && opening != "in" &&
      opening != "once" && opening != "after" && opening != "before" && opening != "where" &&
      opening != "using" && opening != "based") {
    return first;
  }
  for (std::size_t word = first; word + 1 < end; ++word) {
    if (words[word].after == ',') return word + 1;
  }
  return first;
}

}  // namespace

bool is_imperative_verb(std::string_view word) {
  static const auto verbs = [] {
    const std::vector<std::string_view> all = listed(kVerbs);
    return std::unordered_set<std::string_view>(all.begin(), all.end());
  }();
  return verbs.count(word) != 0;
}

void read_directive(const std::vector<Word>& words, Statement& statement) {
  static const Phrases openers(kOpeners), modals(kModals);
  const std::size_t end = statement.end_word;
  std::size_t word = main_clause(words, statement.body_word, end);
  Opener strength = Opener::passes;
  while (word < end) {
    const Match match = openers.match(words, word, end);
    if (!match) break;
    strength = std::max(strength, static_cast<Opener>(match.group->kind));
    word += match.words;
  }
  statement.directives = imperative_at(words, word, end);
  if (statement.directives > 0 || strength != Opener::passes) {
    statement.directives = 1;
    statement.directive = strength == Opener::weak ? Directive::weak : Directive::firm;
  }
  for (; word < end; ++word) {
    if (statement.directive == Directive::none && modals.match(words, word, end)) {
      statement.directives = 1;
      statement.directive = Directive::firm;
    }
    if (statement.directives > 0) statement.directives += joins_imperative(words, word, end);
  }
}

}  // namespace vitals::text
