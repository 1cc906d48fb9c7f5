// format/field_kind.hpp: the kinds of fields that nginx's variables, Apache's directives and other programs have in common.
//
// One kind = class, form, shape. Classes: SPEC 3.9 (table of common variables) and 3.2.1 (positions of addresses);
// what neither names is `drop`.
#pragma once

#include <string_view>

#include <anonlog/format/grammar.hpp>

namespace anonlog {

struct field_kind {
  field_class cls = field_class::drop;
  field_shape shape = field_shape::any;
  keep_form form = keep_form::any;
  std::string_view begins_with = {};
  bool may_be_empty = false;
  grammar_field::privacy_signal signal = grammar_field::privacy_signal::none;
};

namespace kind {

inline constexpr field_kind drop_any{};
inline constexpr field_kind drop_word{.shape = field_shape::word};
inline constexpr field_kind ident{.shape = field_shape::ident};
inline constexpr field_kind drop_number{.shape = field_shape::number};
inline constexpr field_kind drop_digits{.shape = field_shape::digits};
inline constexpr field_kind drop_site{.shape = field_shape::site};
inline constexpr field_kind drop_uuid{.shape = field_shape::uuid};

inline constexpr field_kind client{.cls = field_class::ip, .shape = field_shape::client};
inline constexpr field_kind peer{.cls = field_class::ip, .shape = field_shape::peer};  // with its port, in one word
inline constexpr field_kind client_header{.cls = field_class::ip, .shape = field_shape::word};
inline constexpr field_kind client_list{.cls = field_class::ip_list, .shape = field_shape::address_list};
inline constexpr field_kind client_binary{.cls = field_class::ip_binary};
inline constexpr field_kind client_port{.cls = field_class::port, .shape = field_shape::number};
inline constexpr field_kind forwarded{.cls = field_class::forwarded};
inline constexpr field_kind server{.cls = field_class::upstream, .shape = field_shape::word};
inline constexpr field_kind server_peer{.cls = field_class::upstream, .shape = field_shape::peer};
inline constexpr field_kind server_list{.cls = field_class::upstream, .shape = field_shape::word_list};

inline constexpr field_kind user{.cls = field_class::user};
inline constexpr field_kind user_word{.cls = field_class::user, .shape = field_shape::word};
inline constexpr field_kind cookie{.cls = field_class::cookie};
inline constexpr field_kind agent{.cls = field_class::agent};
inline constexpr field_kind referrer{.cls = field_class::referrer};
inline constexpr field_kind vhost{.cls = field_class::vhost, .shape = field_shape::host};
inline constexpr field_kind vhost_word{.cls = field_class::vhost, .shape = field_shape::word};  // a port may follow the name

inline constexpr field_kind request{.cls = field_class::request};
inline constexpr field_kind target{.cls = field_class::target, .begins_with = "/*"};
inline constexpr field_kind url{.cls = field_class::target};  // or a path
inline constexpr field_kind url_word{.cls = field_class::target, .shape = field_shape::word};
inline constexpr field_kind path{.cls = field_class::path, .begins_with = "/*"};
inline constexpr field_kind query{.cls = field_class::query};
// The query with its question mark, or nothing.
inline constexpr field_kind marked_query{
    .cls = field_class::query, .shape = field_shape::query, .begins_with = "?", .may_be_empty = true};
inline constexpr field_kind question_mark{
    .shape = field_shape::question_mark, .begins_with = "?", .may_be_empty = true};

inline constexpr field_kind bytes{.cls = field_class::bytes, .shape = field_shape::number};
inline constexpr field_kind byte_list{.cls = field_class::bytes, .shape = field_shape::number_list};
inline constexpr field_kind plus_bytes{.cls = field_class::bytes, .shape = field_shape::plus_number};
inline constexpr field_kind duration{.cls = field_class::duration, .shape = field_shape::number};
inline constexpr field_kind plus_duration{.cls = field_class::duration, .shape = field_shape::plus_number};
inline constexpr field_kind duration_list{.cls = field_class::duration, .shape = field_shape::number_list};
inline constexpr field_kind seconds_list{.cls = field_class::duration, .shape = field_shape::seconds_list};
inline constexpr field_kind pipe_mark{.shape = field_shape::pipe_mark};

inline constexpr field_kind status{.cls = field_class::keep, .shape = field_shape::status, .form = keep_form::status};
// Where another number stands for "none".
inline constexpr field_kind status_number{
    .cls = field_class::keep, .shape = field_shape::number, .form = keep_form::status};
inline constexpr field_kind status_list{
    .cls = field_class::keep, .shape = field_shape::number_list, .form = keep_form::status};
inline constexpr field_kind method{.cls = field_class::keep, .shape = field_shape::word, .form = keep_form::method};
inline constexpr field_kind protocol{.cls = field_class::keep, .shape = field_shape::word, .form = keep_form::protocol};
inline constexpr field_kind scheme{.cls = field_class::keep, .shape = field_shape::word, .form = keep_form::scheme};
inline constexpr field_kind own_word{.cls = field_class::keep, .shape = field_shape::word, .form = keep_form::word};
inline constexpr field_kind own_name{.cls = field_class::keep, .shape = field_shape::word};  // may be a number
inline constexpr field_kind own_provided{.cls = field_class::keep, .shape = field_shape::word, .form = keep_form::provided};
inline constexpr field_kind own_text{.cls = field_class::keep, .form = keep_form::word};  // may be empty
inline constexpr field_kind own_capitals{
    .cls = field_class::keep, .shape = field_shape::capitals, .form = keep_form::word};
inline constexpr field_kind own_number{
    .cls = field_class::keep, .shape = field_shape::number, .form = keep_form::number};
inline constexpr field_kind plus_own_number{
    .cls = field_class::keep, .shape = field_shape::plus_number, .form = keep_form::number};
inline constexpr field_kind cache_status{
    .cls = field_class::keep, .shape = field_shape::cache_status, .form = keep_form::word};

inline constexpr field_kind time_clf{.cls = field_class::time, .shape = field_shape::time_clf};
inline constexpr field_kind time_clf_ms{.cls = field_class::time, .shape = field_shape::time_clf_ms};
inline constexpr field_kind time_clf_bare{.cls = field_class::time, .shape = field_shape::time_clf_bare};
inline constexpr field_kind time_ctime{.cls = field_class::time, .shape = field_shape::time_ctime};
inline constexpr field_kind time_python{.cls = field_class::time, .shape = field_shape::time_python};
inline constexpr field_kind time_iso{.cls = field_class::time, .shape = field_shape::time_iso};
inline constexpr field_kind time_iso_blank{.cls = field_class::time, .shape = field_shape::time_iso_blank};
inline constexpr field_kind time_epoch{.cls = field_class::time, .shape = field_shape::time_epoch};
inline constexpr field_kind time_any{.cls = field_class::time, .shape = field_shape::time_any};

inline constexpr field_kind do_not_track{.shape = field_shape::word, .signal = grammar_field::privacy_signal::dnt};
inline constexpr field_kind global_privacy_control{.shape = field_shape::word, .signal = grammar_field::privacy_signal::gpc};

}  // namespace kind

inline grammar_field make_field(std::string_view name, std::string_view alias, const field_kind& what) {
  grammar_field field;
  field.name = name;
  field.alias = alias;
  field.cls = what.cls;
  field.form = what.form;
  field.shape = what.shape;
  field.may_be_empty = what.may_be_empty;
  field.begins_with = what.begins_with;
  field.signal = what.signal;
  return field;
}

}  // namespace anonlog
