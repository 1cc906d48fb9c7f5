// format/known/known_formats.hpp: the list of the named formats, in the order in which `auto` tries them.
//
// The number of quotes tells common, combined and main apart. A line with a virtual host in front is none of them: its
// ident would be the client (format/shape.hpp); and one without is no vhost line: what follows its first word is no
// client. So only the most frequent stands first. What follows them is tried only where a line fits in every part, and what
// stands between the parts that a client writes differs from format to format: nothing a client sends makes one the other.
#pragma once

#include <anonlog/format/known/aiohttp.hpp>
#include <anonlog/format/known/apache_timed.hpp>
#include <anonlog/format/known/apisix.hpp>
#include <anonlog/format/known/aws_alb.hpp>
#include <anonlog/format/known/aws_elb.hpp>
#include <anonlog/format/known/aws_nlb.hpp>
#include <anonlog/format/known/aws_s3.hpp>
#include <anonlog/format/known/combined.hpp>
#include <anonlog/format/known/combined_with_numbers.hpp>
#include <anonlog/format/known/common.hpp>
#include <anonlog/format/known/common_more.hpp>
#include <anonlog/format/known/daphne.hpp>
#include <anonlog/format/known/envoy.hpp>
#include <anonlog/format/known/gandi.hpp>
#include <anonlog/format/known/glassfish.hpp>
#include <anonlog/format/known/gorouter.hpp>
#include <anonlog/format/known/haproxy_clf.hpp>
#include <anonlog/format/known/haproxy_http.hpp>
#include <anonlog/format/known/haproxy_tcp.hpp>
#include <anonlog/format/known/ingress_nginx.hpp>
#include <anonlog/format/known/kong.hpp>
#include <anonlog/format/known/lighttpd.hpp>
#include <anonlog/format/known/nginx_main.hpp>
#include <anonlog/format/known/nginx_more.hpp>
#include <anonlog/format/known/nginx_proxy_manager.hpp>
#include <anonlog/format/known/nginx_stream.hpp>
#include <anonlog/format/known/nginx_timed.hpp>
#include <anonlog/format/known/php_fpm.hpp>
#include <anonlog/format/known/python_http.hpp>
#include <anonlog/format/known/squid.hpp>
#include <anonlog/format/known/squid_agent.hpp>
#include <anonlog/format/known/squid_common.hpp>
#include <anonlog/format/known/ssl_request.hpp>
#include <anonlog/format/known/traefik.hpp>
#include <anonlog/format/known/uvicorn.hpp>
#include <anonlog/format/known/uwsgi.hpp>
#include <anonlog/format/known/varnish.hpp>
#include <anonlog/format/known/vhost_combined.hpp>
#include <anonlog/format/known/vhost_common.hpp>
#include <anonlog/format/known/vhost_timed.hpp>
#include <anonlog/format/known/web_frameworks.hpp>
#include <anonlog/format/known/xff_combined.hpp>

namespace anonlog {

// Patterns of one name stand together.
inline constexpr log_format known_formats[] = {
    known::combined,       known::combined_without_quotes,
    known::nginx_main,     known::common,
    known::vhost_combined, known::vhost_combined_without_port, known::vhost_combined_with_forwarded,
    known::vhost_combined_with_forwarded_without_port,
    known::vhost_with_number, known::vhost_with_number_without_port, known::vhost_timed, known::vhost_timed_without_port,
    known::vhost_common,   known::vhost_common_without_port,

    known::haproxy_http_with_both_headers, known::haproxy_http_with_headers, known::haproxy_http,
    known::haproxy_https_with_both_headers, known::haproxy_https_with_headers, known::haproxy_https, known::haproxy_http_error,
    known::haproxy_tcp, known::haproxy_tcp_error,
    known::haproxy_clf,
    known::aws_alb, known::aws_alb_with_trace, known::aws_alb_with_classification, known::aws_alb_with_lists,
    known::aws_alb_with_reason, known::aws_alb_bare_lists, known::aws_alb_bare_lists_with_trace,
    known::aws_nlb, known::aws_nlb_without_alpn, known::aws_nlb_with_one_alpn, known::aws_nlb_with_three_alpn,
    known::aws_elb, known::aws_elb_without_agent,
    known::aws_s3, known::aws_s3_with_access_point, known::aws_s3_with_tls, known::aws_s3_with_host, known::aws_s3_with_version,
    known::aws_s3_of_old,
    known::squid, known::squid_one_digit, known::squid_three_digits, known::squid_four_digits, known::squid_five_digits,
    known::squid_six_digits,
    known::squid_agent, known::squid_agent_one_digit, known::squid_agent_three_digits, known::squid_agent_four_digits,
    known::squid_agent_five_digits, known::squid_agent_six_digits,
    known::squid_common, known::squid_combined,
    known::lighttpd,
    known::xff_combined, known::xff_combined_without_blank, known::xff_combined_in_quotes,
    known::xff_combined_with_proxy, known::xff_combined_with_proxy_without_blank,
    known::php_fpm, known::php_fpm_with_costs,
    known::ingress_nginx,
    known::nginx_proxy_manager, known::nginx_proxy_manager_standard,
    known::nginx_timed_main_with_cache, known::nginx_timed_main_with_pipe, known::nginx_timed_main_with_upstream,
    known::nginx_timed_main, known::nginx_timed_with_pipe, known::nginx_timed_with_upstream, known::nginx_timed,
    known::nginx_timed_marked, known::nginx_timed_main_marked, known::nginx_timed_main_extended,
    known::nginx_more::encrypted, known::nginx_more::main_encrypted,
    known::nginx_more::marked_bare, known::nginx_more::main_marked_bare, known::nginx_more::numbered, known::nginx_more::main_numbered,
    known::nginx_more::quoted, known::nginx_more::quoted_twice, known::nginx_more::quoted_timed, known::nginx_more::quoted_with_upstream,
    known::envoy, known::istio_with_one_more, known::istio, known::istio_with_mixer,
    known::gorouter, known::gorouter_without_b3, known::gorouter_with_service, known::gorouter_with_service_without_b3,
    known::gorouter_of_old, known::gorouter_of_old_without_b3,
    known::traefik,
    known::uwsgi_via, known::uwsgi,
    known::uvicorn_without_client, known::uvicorn, known::uvicorn_without_level,
    known::werkzeug_in<known::python_http_parts::bold>, known::python_http_in<known::python_http_parts::bold>,
    known::werkzeug_in<known::python_http_parts::cyan>, known::python_http_in<known::python_http_parts::cyan>,
    known::werkzeug_in<known::python_http_parts::green>, known::python_http_in<known::python_http_parts::green>,
    known::werkzeug_in<known::python_http_parts::yellow>, known::python_http_in<known::python_http_parts::yellow>,
    known::werkzeug_in<known::python_http_parts::red>, known::python_http_in<known::python_http_parts::red>,
    known::werkzeug_in<known::python_http_parts::magenta>, known::python_http_in<known::python_http_parts::magenta>,
    known::werkzeug, known::python_http,
    known::daphne,
    known::combinedio, known::icecast2,
    known::gandi,
    known::nginx_more::hosted, known::nginx_more::hosted_with_upstream, known::nginx_more::main_hosted,
    known::nginx_more::main_hosted_with_upstream,
    known::nginx_more::served, known::nginx_more::main_served,
    known::common_more, known::common_more_with_id,
    known::apache_timed, known::apache_timed_common,
    known::ssl_request, known::ssl_request_in_the_clear, known::aiohttp, known::apisix, known::kong, known::glassfish,
    known::varnish<known::varnish_parts::hit>, known::varnish<known::varnish_parts::miss>, known::varnish<known::varnish_parts::pass>,
    known::varnish<known::varnish_parts::pipe>, known::varnish<known::varnish_parts::synth>,
    known::varnish<known::varnish_parts::capital_hit>, known::varnish<known::varnish_parts::capital_miss>,
    known::nginx_stream<known::nginx_stream_parts::tcp>, known::nginx_stream<known::nginx_stream_parts::udp>,
    known::nginx_stream_with_upstream<known::nginx_stream_parts::tcp>, known::nginx_stream_with_upstream<known::nginx_stream_parts::udp>,
    known::django, known::rails,
    known::morgan_short, known::morgan_tiny, known::morgan_dev<known::morgan_parts::zero>, known::morgan_dev<known::morgan_parts::red>,
    known::morgan_dev<known::morgan_parts::green>, known::morgan_dev<known::morgan_parts::yellow>,
    known::morgan_dev<known::morgan_parts::cyan>,
};

}  // namespace anonlog
