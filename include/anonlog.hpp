// anonlog.hpp: the C++ door of anonlog, which takes the people out of access logs.
//
// A policy says what becomes of each sort of data. Policy, keys and a format make a plan, once; a plan never changes
// and is shared by threads. A stream belongs to one thread; it takes bytes and gives anonymised lines:
//
//   anonlog::plan_options options;                        // preset "balanced", format "auto", ephemeral keys
//   auto plan = anonlog::plan::make(std::move(options));
//   if (!plan) return fail(plan.error().message);
//   anonlog::stream stream(*plan);
//   anonlog::input_buffer in{data, size};
//   while (stream.feed(in, out) == anonlog::stream_status::need_room) flush(out);
//   stream.finish(out);
//
// Setting up returns result<T> with a text that helps; running does not fail: each value has an outcome, and outcomes
// are counted (stream::counts). Nothing here prints, blocks or opens anything. What was not understood is not copied.
// Build with -std=c++20 and link libsodium.
#pragma once

#include <anonlog/core/version.hpp>
#include <anonlog/crypto/keyring.hpp>
#include <anonlog/format/formats.hpp>
#include <anonlog/plan.hpp>
#include <anonlog/policy/policy.hpp>
#include <anonlog/policy/toml_reader.hpp>
#include <anonlog/report.hpp>
#include <anonlog/simd/kernel.hpp>
#include <anonlog/stream.hpp>
