#include "vocabulary.h"

#include <unordered_set>

#include "../phrases.h"

namespace vitals::text::errors {
namespace {

// What faults of software are told in. Not what they are about: a word that is not here, and not a
// grammatical word either, is masked, and with it every name, place, product and remark. So nothing
// is added that people, companies or illnesses are called.
constexpr std::string_view kVocabulary[] = {
    // what went wrong
    "abort, aborted, bad, bounds, broken, bug, cancelled, clash, collision, conflict, conflicting, "
    "corrupt, corrupted, crash, crashed, cycle, damaged, deadlock, denied, disabled, disallowed, "
    "disconnected, dropped, duplicate, duplicated, empty, err, errno, error, errors, exceed, "
    "exceeded, exceeding, exceeds, exception, exceptions, exhausted, expired, fail, failed, "
    "failing, fails, failure, failures, fatal, fault, faults, forbidden, garbage, illegal, "
    "impossible, inaccessible, incompatible, incomplete, inconsistent, incorrect, insufficient, "
    "interrupted, invalid, killed, lack, lacks, leak, locked, lost, malformed, mismatch, "
    "mismatched, missing, negative, obsolete, off, offline, outdated, outage, overflow, "
    "overloaded, panic, panicked, partial, premature, problem, problems, recursion, refused, "
    "reject, rejected, reset, retired, shutdown, stale, stopped, stuck, suspended, terminated, "
    "throttled, timed, timeout, traceback, truncated, unable, unauthorized, unavailable, "
    "unbalanced, undefined, underflow, unexpected, unhandled, unknown, unreachable, unreadable, "
    "unrecognized, unresolved, unsafe, unset, unsupported, violated, violates, violation, warning, "
    "wrong",
    // what was done or is to be done
    "accept, accepted, access, accessed, accessing, acquire, acquired, add, added, allocate, "
    "allocated, allocation, alloc, allow, allowed, already, append, apply, assert, assertion, "
    "assign, assigned, attempt, attempted, attempting, attempts, authenticate, authorize, "
    "authorized, begin, bind, block, blocked, build, call, called, calling, calls, cast, change, "
    "changed, check, checked, choose, clean, clear, close, closed, closing, commit, committed, "
    "compare, compile, complete, completed, compute, configure, configured, confirm, connect, "
    "connected, connecting, construct, contact, contain, contained, contains, continue, convert, "
    "converting, copy, create, created, creating, cut, decode, decoding, decrypt, define, defined, "
    "delete, deleted, deleting, depends, deserialize, deploy, deployed, detect, detected, "
    "determine, disable, discard, do, download, downloading, enable, enabled, encode, encoding, "
    "encountered, encrypt, end, ended, ensure, evaluate, evaluating, exec, execute, executed, "
    "executing, execution, exist, existing, exists, exit, exited, expect, expected, explicitly, "
    "fetch, fetching, find, finish, finished, fit, flush, format, found, generate, generated, "
    "generating, get, getting, give, given, got, handle, handled, handling, happened, ignore, "
    "ignored, implement, implemented, import, include, included, increase, index, init, "
    "initialize, initialized, insert, install, installed, invoke, invoking, join, keep, know, "
    "launch, "
    "leave, limit, limited, limits, list, listen, load, loaded, loading, lock, login, look, "
    "lookup, "
    "made, make, match, matched, matches, matching, merge, modified, modify, move, obtain, "
    "occurred, open, opened, opening, operate, override, parse, parsed, parsing, pass, passed, "
    "perform, permit, permitted, prepare, process, processed, processing, produce, produced, "
    "provide, provided, push, put, queue, queued, raise, raised, raising, reach, reached, read, "
    "reading, receive, received, receiving, reconnect, recover, redirect, reduce, refresh, "
    "register, registered, release, released, remove, removed, rename, render, repeat, replace, "
    "report, reported, request, requested, requests, require, required, requires, resolve, "
    "resolved, respond, responded, restart, restarting, restore, retrieve, retry, retrying, "
    "retries, return, returned, returning, returns, rollback, rolled, run, running, save, saving, "
    "schedule, scheduled, search, seek, seen, select, send, sending, sent, serialize, set, "
    "setting, "
    "settings, skip, skipped, sort, specified, specify, split, start, started, starting, stop, "
    "store, stored, submit, succeed, supply, supplied, support, supported, switch, sync, take, "
    "taken, terminate, test, threw, throw, thrown, took, transform, tried, trigger, triggered, "
    "try, "
    "trying, update, updated, updating, upgrade, upload, uploading, use, used, uses, using, "
    "validate, validated, validating, validation, verify, verification, wait, waited, waiting, "
    "went, work, works, wrap, write, writing, written",
    // of what
    "account, action, address, agent, alias, api, app, application, argument, arguments, array, "
    "assistant, async, attribute, attributes, auth, authentication, authorization, backend, batch, "
    "binary, body, bool, boolean, branch, browser, bucket, buffer, byte, bytes, cache, callback, "
    "certificate, chain, channel, character, characters, child, choice, choices, chunk, chunks, "
    "class, client, cluster, code, codec, column, columns, command, completion, component, "
    "condition, config, configuration, connection, connections, connector, constraint, "
    "constructor, "
    "container, content, context, control, converter, core, count, cpu, credential, credentials, "
    "cursor, data, database, dataset, date, datetime, deadline, default, dependency, depth, "
    "destination, device, dict, dictionary, digit, dimension, dimensions, directory, disk, "
    "document, documents, domain, driver, edge, element, elements, embedding, embeddings, "
    "endpoint, "
    "engine, entity, entry, enum, env, environment, event, events, expression, extension, "
    "external, "
    "field, fields, file, files, filter, flag, float, folder, foreign, frame, framework, function, "
    "functions, gateway, generator, gpu, graph, group, handler, hash, header, headers, heap, hook, "
    "host, hostname, http, id, identifier, image, images, import, indices, input, inputs, "
    "instance, "
    "instruction, int, integer, interface, internal, interpreter, invariant, item, items, "
    "iteration, "
    "iterations, iterator, job, json, key, keys, keyword, label, language, layer, length, level, "
    "library, line, lines, link, literal, llm, local, locale, log, loop, map, mapping, memory, "
    "message, messages, metadata, method, mode, model, models, module, name, named, names, "
    "namespace, network, node, nodes, null, none, number, numbers, object, objects, offset, "
    "operand, operands, operation, operations, operator, option, options, output, outputs, owner, "
    "package, page, pair, param, parameter, parameters, parent, parser, password, path, payload, "
    "permission, permissions, pipe, pipeline, placeholder, plan, platform, plugin, pointer, "
    "policy, "
    "pool, port, position, prefix, primary, prompt, prompts, properties, property, protocol, "
    "provider, proxy, python, query, quota, range, rate, record, records, reference, regex, "
    "region, "
    "registry, relation, remote, replica, repository, resource, resources, response, responses, "
    "result, results, retriever, role, root, route, router, row, rows, rule, runtime, sample, "
    "schema, scope, script, secret, section, segment, segmentation, sequence, serial, series, "
    "server, service, services, session, sessions, shape, shard, signature, size, socket, source, "
    "space, sql, stack, stage, state, statement, status, step, steps, storage, stream, string, "
    "strings, subprocess, suffix, symbol, syntax, system, table, tables, tag, tags, target, task, "
    "tasks, template, tensor, text, thread, threads, time, timestamp, timezone, token, tokens, "
    "tool, "
    "tools, topic, transaction, transport, tree, tuple, type, types, unicode, union, unit, uri, "
    "url, "
    "user, users, value, values, variable, variables, vector, version, view, warehouse, web, "
    "window, "
    "worker, workers, workflow, workspace, xml, yaml",
    // how, how much, when
    "abstract, active, after, ago, allowable, alphabetical, ambiguous, available, back, callable, "
    "capacity, closing, compatible, concurrent, concurrently, constant, correct, correctly, "
    "current, currently, dead, different, directly, due, dynamic, early, enough, equal, exact, "
    "exactly, exclusive, failsafe, fewer, final, finite, first, fixed, fully, greater, hashable, "
    "high, higher, immutable, inactive, infinite, initial, invocation, iterable, large, larger, "
    "last, late, later, latest, least, left, long, longer, low, lower, max, maximum, min, minimum, "
    "mutable, mutually, necessary, new, next, nullable, numeric, old, older, operable, optional, "
    "out, parallel, pending, persistent, positive, possible, possibly, previous, private, "
    "properly, "
    "protected, public, ready, recent, recently, reachable, recursive, relative, remaining, right, "
    "same, scalar, second, seconds, short, shorter, single, slow, small, smaller, static, strict, "
    "successfully, temporary, temporarily, third, total, unique, unlimited, usable, valid, "
    "visible, "
    "whole, zero",
};

}  // namespace

bool is_telling_word(std::string_view word) {
  static const std::unordered_set<std::string_view> words = set_of(kVocabulary);
  return words.contains(word) && !is_function_word(word);
}

bool is_known_word(std::string_view word) {
  return is_telling_word(word) || is_function_word(word);
}

}  // namespace vitals::text::errors
