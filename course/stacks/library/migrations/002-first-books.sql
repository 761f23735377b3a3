INSERT INTO books (title)
VALUES ('Moby-Dick'), ('Emma'), ('The Time Machine');
