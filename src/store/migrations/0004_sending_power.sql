-- What a phone with Exposure Notification says of its power, sealed beside its id: four bytes, readable once the
-- key of its day is published. None (an empty blob) where one id came with several; NULL where there is none.

ALTER TABLE hearing ADD COLUMN metadata BLOB;
ALTER TABLE encounter ADD COLUMN metadata BLOB;
