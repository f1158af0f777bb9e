create role report login;
create extension sslinfo;
create table orders (id int, total numeric);
insert into orders select n, n * 10 from generate_series(1, 3) n;
create function spiffe_id() returns text language sql stable as $$ select substr(value, 5) from ssl_extension_info() where name = 'subjectAltName' $$;
alter table orders enable row level security;
create policy tasks_that_report on orders for select to report using (spiffe_id() like 'spiffe://example.org/agent/report/task/%');
grant select on orders to report;
