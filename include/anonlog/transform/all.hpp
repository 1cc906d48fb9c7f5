// transform/all.hpp: the list of transforms. A new one is a file and a line here; tests and benchmarks run over the list.
#pragma once

#include <tuple>

#include <anonlog/transform/agent.hpp>
#include <anonlog/transform/client_port.hpp>
#include <anonlog/transform/cookie.hpp>
#include <anonlog/transform/email_token.hpp>
#include <anonlog/transform/forwarded.hpp>
#include <anonlog/transform/host_token.hpp>
#include <anonlog/transform/ip_binary.hpp>
#include <anonlog/transform/ip_list.hpp>
#include <anonlog/transform/ip_position.hpp>
#include <anonlog/transform/keep_word.hpp>
#include <anonlog/transform/query.hpp>
#include <anonlog/transform/referrer.hpp>
#include <anonlog/transform/request_line.hpp>
#include <anonlog/transform/scrub.hpp>
#include <anonlog/transform/session_token.hpp>
#include <anonlog/transform/significant_digits.hpp>
#include <anonlog/transform/skeleton.hpp>
#include <anonlog/transform/target.hpp>
#include <anonlog/transform/time_floor.hpp>
#include <anonlog/transform/upstream.hpp>
#include <anonlog/transform/url_path.hpp>
#include <anonlog/transform/user_token.hpp>
#include <anonlog/transform/value_token.hpp>
#include <anonlog/transform/vhost.hpp>

namespace anonlog {

using all_transforms =
    std::tuple<agent, client_port, cookie, email_token, forwarded, host_token, ip_binary, ip_list, ip_position, keep_word,
               query, referrer, request_line, scrub, session_token, significant_digits, skeleton, target, time_floor,
               upstream, url_path, user_token, value_token, vhost>;

}  // namespace anonlog
